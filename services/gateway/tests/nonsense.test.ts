import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { bodySchema, pathOf, type Route, readDocument, routesOf, seeded, valueFor } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

const SEED = 20_260_131;
const clients = ['hospital-1', 'pharmacy-1', 'patient-1', 'regulator-1', 'authority'];

/** Every route of the document, whatever a client sends: an answer below 500, and a problem document for each refusal. */
describe('nonsense', () => {
  let hub: TestGateway;
  let routes: Route[];
  before(async () => {
    hub = await startTestGateway();
    await hub.registerEveryRole();
    routes = routesOf(await readDocument(hub.url)).filter(
      ({ path }) => path.startsWith('/v1/') && path !== '/v1/audit/stream',
    );
  });
  after(() => hub[Symbol.asyncDispose]());

  /** The first client that the route lets in. */
  async function allowed(route: Route): Promise<string> {
    for (const as of clients) {
      const { status } = await hub.send(route.method, pathOf(route), { as });
      if (status !== 403) return as;
    }
    throw new Error(`nobody may use ${route.path}`);
  }

  async function knock(route: Route, path: string, more: Parameters<TestGateway['send']>[2]): Promise<void> {
    const { status, body, headers } = await hub.send(route.method, path, more);
    assert.ok(status < 500, `${route.method} ${path}: ${status}`);
    if (status < 400) return;
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.ok((body['errors'] as unknown[]).length > 0);
  }

  test('any JSON value, any text and any bytes as a body', async () => {
    for (const route of routes.filter((each) => bodySchema(each) !== undefined)) {
      const as = await allowed(route);
      const bodies = fc.oneof(
        fc.json({ maxDepth: 4 }),
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 64 }).map((bytes) => new Uint8Array(bytes)),
      );
      await fc.assert(
        fc.asyncProperty(bodies, (raw) =>
          knock(route, pathOf(route), { as, raw, headers: { 'content-type': 'application/json' } }),
        ),
        { seed: SEED, numRuns: 15 },
      );
    }
  });

  test('bodies that fit, and such that fit but for a few places', async () => {
    for (const route of routes) {
      const schema = bodySchema(route);
      if (schema === undefined) continue;
      const as = await allowed(route);
      const random = seeded(`${SEED}${route.path}`);
      for (const spoil of [0, 0, 20, 10, 10, 5, 5, 3, 2]) {
        await knock(route, pathOf(route), { as, body: valueFor(schema, random, spoil) });
      }
    }
  });

  test('any path segment and any query', async () => {
    for (const route of routes) {
      const as = await allowed(route);
      const segment = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 1 }));
      await fc.assert(
        fc.asyncProperty(segment, fc.string(), async (id, query) => {
          const encoded = encodeURIComponent(id.toWellFormed());
          const path = `${route.path.replace(/\{\w+\}/g, encoded)}?${encodeURIComponent(query.toWellFormed())}=${encoded}`;
          await knock(route, path, { as });
        }),
        { seed: SEED, numRuns: 10 },
      );
    }
  });

  test('any header that a client may send', async () => {
    const names = [
      'authorization',
      'idempotency-key',
      'erx-operator',
      'content-type',
      'traceparent',
      'accept',
      'last-event-id',
    ];
    const visible = fc
      .string({ minLength: 1, maxLength: 200 })
      .filter((text) => /^[\x21-\x7e][\x20-\x7e]*$/.test(text));
    for (const route of routes) {
      const as = await allowed(route);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...names), visible, async (name, value) => {
          const token = name === 'authorization' ? {} : { as };
          await knock(route, pathOf(route), {
            ...token,
            headers: { [name]: value.trim() },
            body: route.method === 'GET' ? undefined : {},
          });
        }),
        { seed: SEED, numRuns: 8 },
      );
    }
  });
});
