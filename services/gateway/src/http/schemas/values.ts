import Type, { type TObject, type TProperties } from 'typebox';

// Building blocks of the route schemas. Bounds keep every figure inside what the hub counts exactly.

/** An object that takes no other fields: a misspelt one is told, not ignored. */
export const strict = <P extends TProperties>(properties: P, options: { minProperties?: number } = {}): TObject<P> =>
  Type.Object(properties, { additionalProperties: false, ...options });

export const text = (maxLength = 200, description?: string) =>
  Type.String({ maxLength, ...(description === undefined ? {} : { description }) });
export const oneOf = (...values: string[]) => Type.String({ enum: values });
export const list = <T extends Parameters<typeof Type.Array>[0]>(items: T, maxItems: number, minItems = 0) =>
  Type.Array(items, { maxItems, minItems });

/** RFC 3339 with offset. */
export const Instant = Type.String({ format: 'date-time', maxLength: 40, description: 'RFC 3339 with offset' });
/** Packs, at most four fraction digits. */
export const Packs = Type.String({ pattern: '^\\d{1,5}(\\.\\d{1,4})?$', description: 'packs, decimal text' });
/** Yuan per pack, at most six fraction digits. */
export const UnitPrice = Type.String({
  pattern: '^\\d{1,7}(\\.\\d{1,6})?$',
  description: 'yuan per pack, decimal text',
});
export const Fen = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'fen' });
export const BasisPoints = Type.Integer({ minimum: 0, maximum: 10_000, description: 'basis points' });
export const Count = (maximum: number, minimum = 0) => Type.Integer({ minimum, maximum });
export const Base64 = (maxLength: number, description: string) =>
  Type.String({
    maxLength,
    pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
    contentEncoding: 'base64',
    description,
  });
export const Division = Type.String({ pattern: '^\\d{6}$', description: '行政区划 division, six digits' });
export const Sm3 = text(64, 'SM3, lower-case hex');
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

export const PrescriptionId = Type.Object({ prescriptionId: Uuid });
export const SaleId = Type.Object({ saleId: Uuid });
export const TraceCode = Type.Object({ traceCode: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }) });
export const GrantId = text(64, 'grant of an identity check');

/** Query of a list that is read on from its last entry. */
export const pageOf = (entry: string) =>
  Type.Object(
    {
      after: Type.Optional({ ...Uuid, description: `${entry} after which to begin` }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
    },
    { additionalProperties: false },
  );
