import Type from 'typebox';
import { clearPerson } from './person.ts';
import { Period } from './reference.ts';
import { Division, list, oneOf, strict, text } from './values.ts';

const Insurance = strict({
  poolingRegion: Division,
  insuranceType: text(16, '险种: 310, 390'),
  status: text(32, 'ACTIVE, SUSPENDED'),
  period: Period,
  remoteFilings: list(strict({ region: Division, period: Period }), 50),
});

const Filing = strict({
  filingId: text(64),
  drugCode: text(64),
  genericName: text(),
  dosageForm: text(),
  status: text(32, 'SM-1'),
  benefit: Type.Optional(Period),
  region: Division,
  institutionId: text(64),
});

/** Insured persons (参保人). */
export const PersonsImport = strict({
  persons: list(
    strict({
      ...clearPerson,
      phone: text(32),
      insurances: list(Insurance, 20),
      filings: list(Filing, 100),
      agentPurchaseDisabled: Type.Optional(Period),
    }),
    500,
  ),
});

const Note = strict({
  noteId: text(64),
  holderId: text(64),
  drugCode: text(64),
  batchNo: text(64),
  expiresOn: text(16, 'YYYY-MM-DD'),
  traceCodes: list(text(64), 10_000),
});

/** Stock (入库): packages with their trace codes. */
export const StockImport = strict({ notes: list(Note, 500) });

/** A public ES256 key; a private member is refused like every other unknown field. */
const PublicJwk = strict({
  kty: oneOf('EC'),
  crv: oneOf('P-256'),
  x: Type.String({ pattern: '^[\\w-]{43}$' }),
  y: Type.String({ pattern: '^[\\w-]{43}$' }),
  kid: Type.Optional(text(100)),
  alg: Type.Optional(oneOf('ES256')),
  use: Type.Optional(oneOf('sig')),
});

/** Programs with access to the hub. */
export const ClientsImport = strict({
  clients: list(
    strict({
      clientId: Type.String({ pattern: '^[\\w.:-]{3,64}$' }),
      role: oneOf('HOSPITAL', 'PHARMACY', 'PATIENT', 'REGULATOR', 'AGENCY'),
      institutionId: Type.Optional(text(64)),
      division: Type.Optional(Division),
      name: text(),
      jwks: strict({ keys: list(PublicJwk, 4, 1) }),
    }),
    1_000,
  ),
});

export const Imported = Type.Object({ changed: Type.Integer(), unchanged: Type.Integer() });
