import { seededRandom } from '@erx/testkit';

// Reads the OpenAPI document as a foreign program would, and makes requests from it.

export type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: string[];
  pattern?: string;
  format?: string;
  minItems?: number;
  minimum?: number;
  maxLength?: number;
};

export type Operation = {
  operationId?: string;
  summary?: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
};

export type Route = { method: string; path: string; operation: Operation };
export type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
  servers: { url: string }[];
};

export async function readDocument(url: string): Promise<Document> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Document;
}

export function routesOf({ paths }: Document): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

export const UUID = '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';

/** A path with well-formed ids. */
export function pathOf({ path }: Route): string {
  return path
    .replace('{traceCode}', '81000010000000000001')
    .replace('{key}', 'key-of-request')
    .replace(/\{\w+\}/g, UUID);
}

export function bodySchema({ operation }: Route): Schema | undefined {
  return operation.requestBody?.content['application/json']?.schema;
}

export type Random = (below: number) => number;

export function seeded(seed: string): Random {
  const bytes = seededRandom(seed);
  return (below) => Buffer.from(bytes(4)).readUInt32BE() % below;
}

/** A value that fits the schema; with `spoil` about one in so many places holds something that does not. */
export function valueFor(schema: Schema, random: Random, spoil = 0): unknown {
  if (spoil > 0 && random(spoil) === 0) return junk(random);
  switch (schema.type) {
    case 'object': {
      const all = Object.entries(schema.properties ?? {});
      const kept = all.filter(([name]) => schema.required?.includes(name) || random(2) === 0);
      return Object.fromEntries(kept.map(([name, member]) => [name, valueFor(member, random, spoil)]));
    }
    case 'array': {
      const length = Math.max(schema.minItems ?? 0, random(3));
      return Array.from({ length }, () => valueFor(schema.items ?? {}, random, spoil));
    }
    case 'integer':
      return (schema.minimum ?? 0) + random(2);
    case 'boolean':
      return random(2) === 0;
    default:
      return textFor(schema);
  }
}

function textFor({ enum: values, format, pattern, maxLength = 200 }: Schema): string {
  if (values !== undefined) return values[0] ?? '';
  if (format === 'date-time') return '2026-01-31T08:30:00+08:00';
  if (format === 'byte') return Buffer.from('{"schema":"x"}').toString('base64');
  const samples = ['药', '1', '420102', '1.5', UUID, 'client-1', 'A'.repeat(43)];
  return samples.find((text) => new RegExp(pattern ?? '').test(text) && text.length <= maxLength) ?? '';
}

const nonsense: unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.1,
  2 ** 60,
  '',
  '\u0000',
  '\ud800',
  '处方'.repeat(300),
  "'; drop table client; --",
  '2026-02-30T00:00:00Z',
  '1e5',
  [],
  [[[[]]]],
  {},
  { __proto__: null, constructor: 1 },
];

function junk(random: Random): unknown {
  return nonsense[random(nonsense.length)];
}
