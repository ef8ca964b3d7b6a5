import type { Institution } from './institutions.ts';
import { makeClientKey, publicJwk } from './keys.ts';
import type { Random } from './random.ts';
import type { ClientRecord, JsonWebKey } from './records.ts';

/** A program with access to the hub: what the authority registers, and the private key that the program keeps. */
export type Client = { fixture: string; record: ClientRecord; key: JsonWebKey };

const REGULATORS: readonly [division: string, name: string][] = [
  ['100000', '国家'],
  ['420000', '湖北省'],
  ['220000', '吉林省'],
  ['420100', '武汉市'],
  ['420102', '江岸区'],
];

/** 经办机构: each recalls what its province's pharmacies hold. */
const AGENCIES: readonly [division: string, name: string][] = [
  ['420000', '湖北省'],
  ['220000', '吉林省'],
];

/** One client for each institution, one app for all patients, agencies of the provinces, regulators from the nation down to a county. */
export function makeClients(random: Random, institutions: readonly Institution[]): Client[] {
  const client = (fixture: string, fields: Omit<ClientRecord, 'jwks'>): Client => {
    const key = makeClientKey(random);
    return { fixture, key, record: { ...fields, jwks: { keys: [publicJwk(key)] } } };
  };
  return [
    ...institutions.map(({ fixture, record: { institutionId, kind, name } }) =>
      client(fixture, {
        clientId: `${kind.toLowerCase()}-${institutionId}`,
        role: kind === 'HOSPITAL' ? 'HOSPITAL' : 'PHARMACY',
        institutionId,
        name,
      }),
    ),
    client('', { clientId: 'patient-app', role: 'PATIENT', name: '沙盒参保人应用' }),
    ...AGENCIES.map(([division, place]) =>
      client('', { clientId: `agency-${division}`, role: 'AGENCY', division, name: `沙盒${place}医保经办` }),
    ),
    ...REGULATORS.map(([division, place]) =>
      client('', { clientId: `regulator-${division}`, role: 'REGULATOR', division, name: `沙盒${place}医保监管` }),
    ),
  ];
}
