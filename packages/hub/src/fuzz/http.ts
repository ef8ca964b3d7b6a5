import { request as open } from 'node:http';
import { fitting, type Pools, type Route } from './document.ts';
import { nonsense, nonsenseText, spoil } from './nonsense.ts';
import { pick, type Random } from './random.ts';

export type Sent = { status: number; isWrite: boolean; wrong?: string; retryAfterMs?: number };
type Headers = Record<string, string>;

const ANY_ID = '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';
const LONGEST_MS = 60_000;
const STREAM = 'text/event-stream';
const PROBLEM = /^application\/problem\+json/;
/** Their content would give the world another face, and then nothing after it could be compared. */
const worldly = new Set(['setClock', 'importReference', 'importPersons', 'importClients', 'importStock']);

/** One request for a route: mostly of the right form but for one place. `token`: of whoever asks, if anybody. */
export function makeRequest(route: Route, random: Random, pools: Pools, token: string | undefined) {
  const isWrite = route.method !== 'GET';
  const isWorldly = worldly.has(route.id);
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(
      random(6) === 0 ? nonsenseText(random).toWellFormed() : pick([...(pools[name] ?? []), ANY_ID], random),
    ),
  );
  const query = new URLSearchParams();
  for (const { name, schema } of route.query) {
    if (random(2) > 0) continue;
    query.set(
      name,
      String(random(3) === 0 ? nonsenseText(random).toWellFormed() : fitting(schema, random, pools, name)),
    );
  }
  if (random(20) === 0) query.append(`q${random(9)}`, nonsenseText(random).toWellFormed());
  const headers: Headers = {};
  if (token !== undefined) headers['authorization'] = `Bearer ${random(50) === 0 ? `${token}x` : token}`;
  if (isWrite && random(30) > 0) headers['idempotency-key'] = crypto.randomUUID();
  if (random(15) === 0) headers['idempotency-key'] = 'the same key each time';
  if (random(10) === 0) headers['erx-operator'] = pick(['till-1', 'x'.repeat(200), '%00', '{}'], random);
  if (random(30) === 0) headers['traceparent'] = pick(['00-0-0-0', '00-'.padEnd(2_000, 'f'), 'x'], random);
  if (random(60) === 0) headers['last-event-id'] = pick(['-1', '9'.repeat(40), 'x'], random);
  return {
    method: random(80) === 0 ? pick(['PUT', 'DELETE', 'PATCH', 'POST'], random) : route.method,
    path: query.size > 0 ? `${path}?${query}` : path,
    headers,
    body: isWrite ? bodyOf(route, random, isWorldly ? {} : pools, headers, isWorldly) : undefined,
  };
}

function bodyOf(route: Route, random: Random, pools: Pools, headers: Headers, always: boolean): Buffer | undefined {
  const { body } = route;
  if (body === undefined && random(4) > 0) return undefined;
  headers['content-type'] = random(40) === 0 ? pick(['text/plain', 'application/xml', ''], random) : 'application/json';
  if (random(25) === 0) return brokenJson(random);
  const fits = body === undefined ? nonsense(random) : fitting(body, random, pools);
  return Buffer.from(JSON.stringify(always || random(10) > 0 ? spoil(fits, random) : fits));
}

function brokenJson(random: Random): Buffer {
  const bytes = [
    '{',
    '[1,]',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    `${'['.repeat(5_000)}`,
    `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`,
    '"\\ud800"',
    '\ufeff{}',
    '',
    'NaN',
  ];
  return random(4) === 0 ? Buffer.from([0xff, 0xfe, 0x00, 0x80, random(256)]) : Buffer.from(pick(bytes, random));
}

/** Sends it and judges the answer: what is wrong with it stands in `wrong`. */
export function send(url: string, made: ReturnType<typeof makeRequest>): Promise<Sent> {
  const isWrite = made.method !== 'GET';
  return new Promise((resolve) => {
    const { body, headers } = made;
    const length: Headers = body === undefined ? {} : { 'content-length': String(body.length) };
    const asked = open(url + made.path, { method: made.method, headers: { ...headers, ...length } });
    const fail = (wrong: string): void => resolve({ status: 0, isWrite, wrong });
    asked.setTimeout(LONGEST_MS, () => {
      fail(`no answer within ${LONGEST_MS} ms`);
      asked.destroy();
    });
    // The hub may hang up on a body that is too large before it has read it all: its answer is already there then.
    asked.on('error', ({ message }) => fail(`no answer: ${message}`));
    asked.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      const type = response.headers['content-type'] ?? '';
      const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN);
      const later = status === 503 || status === 429;
      const wrong = judge(status, type, retryAfter, made.path);
      resolve({
        status,
        isWrite,
        ...(wrong === undefined ? {} : { wrong }),
        ...(later ? { retryAfterMs: retryAfter * 1_000 } : {}),
      });
      if (type.startsWith(STREAM)) asked.destroy();
      else response.resume();
    });
    asked.end(body);
  });
}

function judge(status: number, type: string, retryAfter: number, path: string): string | undefined {
  if (status === 503 || status === 429) return retryAfter >= 1 ? undefined : `${status} without Retry-After`;
  if (status >= 500 || status < 200) return `status ${status}`;
  if (status >= 400 && !PROBLEM.test(type) && !path.startsWith('/oauth/')) return `${status} as ${type}`;
  return undefined;
}
