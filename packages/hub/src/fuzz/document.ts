import type { Tree } from './nonsense.ts';
import { pick, type Random } from './random.ts';

export type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  pattern?: string;
  format?: string;
  minItems?: number;
  minimum?: number;
  maxLength?: number;
  contentEncoding?: string;
};

export type Route = {
  method: string;
  path: string;
  id: string;
  /** Right that the token must give; absent where no token is asked for. */
  right: string | undefined;
  body: Schema | undefined;
  query: { name: string; schema: Schema }[];
};

type Operation = {
  operationId?: string;
  'x-erx-right'?: string;
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};

/** Every route of the OpenAPI document, read as a foreign program would. */
export async function readRoutes(url: string): Promise<Route[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      id: operation.operationId ?? path,
      right: operation['x-erx-right'],
      body: Object.values(operation.requestBody?.content ?? {})[0]?.schema,
      query: (operation.parameters ?? []).filter((each) => each.in === 'query'),
    })),
  );
}

/** What the hub really holds, by the name of the field that takes it: with it a request gets past the first check. */
export type Pools = Record<string, readonly string[]>;

/** A value that fits the schema. */
export function fitting(schema: Schema, random: Random, pools: Pools, name = ''): Tree {
  if (schema.anyOf !== undefined) return fitting(pick(schema.anyOf, random), random, pools, name);
  switch (schema.type) {
    case 'object': {
      const all = Object.entries(schema.properties ?? {});
      const kept = all.filter(([member]) => schema.required?.includes(member) || random(2) === 0);
      return Object.fromEntries(kept.map(([member, its]) => [member, fitting(its, random, pools, member)]));
    }
    case 'array': {
      const length = Math.max(schema.minItems ?? 0, random(3));
      return Array.from({ length }, () => fitting(schema.items ?? {}, random, pools, name.replace(/s$/, '')));
    }
    case 'integer':
      return (schema.minimum ?? 0) + random(2);
    case 'boolean':
      return random(2) === 0;
    default:
      return fittingText(schema, random, pools, name);
  }
}

const samples = ['1', '药', '420102', '1.5', '2030-01-31', 'text-of-eight', 'A'.repeat(43)];

function fittingText(schema: Schema, random: Random, pools: Pools, name: string): string {
  const { enum: values, format, pattern = '', maxLength = 200 } = schema;
  if (values !== undefined) return pick(values, random);
  const known = pools[name] ?? [];
  if (known.length > 0 && random(5) > 0) return pick(known, random);
  if (format === 'date-time') return '2026-01-31T08:30:00+08:00';
  if (schema.contentEncoding === 'base64') return Buffer.from('{"schema":"erx.review.v1"}').toString('base64');
  const fit = samples.filter((text) => new RegExp(pattern, 'u').test(text) && text.length <= maxLength);
  return fit.length > 0 ? pick(fit, random) : '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';
}
