import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Document, type Operation, readDocument, routesOf } from './routes.ts';
import { startTestGateway, type TestGateway } from './support.ts';

describe('the OpenAPI document', () => {
  let hub: TestGateway;
  let document: Document;
  before(async () => {
    hub = await startTestGateway();
    document = await readDocument(hub.url);
  });
  after(() => hub[Symbol.asyncDispose]());

  const operations = (): [string, Operation][] =>
    routesOf(document).map(({ method, path, operation }) => [`${method} ${path}`, operation]);

  test('it is OpenAPI 3.1 and says where the hub and its tokens are', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(document.servers, [{ url: hub.url }]);
    const oauth = document.components.securitySchemes['oauth'] as Record<string, unknown>;
    assert.deepEqual(oauth['flows'], { clientCredentials: { tokenUrl: `${hub.url}/oauth/token`, scopes: {} } });
  });

  test('every operation has an id of its own, a title in both languages and its security', () => {
    const all = operations();
    assert.equal(new Set(all.map(([, { operationId }]) => operationId)).size, all.length);
    for (const [route, operation] of all) {
      assert.match(operation.operationId ?? '', /^[a-z][A-Za-z]+$/, route);
      assert.match(operation.summary ?? '', /[\u4e00-\u9fff]+ [A-Za-z]/, route);
      const open = /\/(health|oauth|audit\/logs?)\//.test(route);
      assert.deepEqual(operation.security, open ? [] : [{ oauth: [] }], route);
    }
  });

  test('every path parameter is declared, and every declared one stands in the path', () => {
    for (const { path, operation } of routesOf(document)) {
      const declared = (operation.parameters ?? []).filter((each) => each.in === 'path').map(({ name }) => name);
      assert.deepEqual(
        declared,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        path,
      );
    }
  });

  test('every response has content, every refusal is a problem document', () => {
    for (const [route, { responses }] of operations()) {
      assert.ok(
        Object.keys(responses).some((status) => /^20/.test(status)),
        route,
      );
      for (const [status, response] of Object.entries(responses)) {
        assert.ok(response.description !== '' && response.content !== undefined, `${route} ${status}`);
        if (Number(status) < 400 || route.includes('/oauth/')) continue;
        const problem = response.content['application/problem+json'];
        assert.deepEqual(problem?.schema, { $ref: '#/components/schemas/Problem' }, `${route} ${status}`);
      }
    }
  });

  test('every reference leads somewhere', () => {
    const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of refs) assert.ok(name !== undefined && name in document.components.schemas, name);
  });

  test('every write names its Idempotency-Key as a required header; questions and the clock have none', () => {
    const named = routesOf(document).filter(({ operation: { parameters } }) =>
      parameters?.some(({ name, required }) => name === 'Idempotency-Key' && required),
    );
    const without = ['token', 'searchPrescriptions', 'listPharmacies', 'quoteSale', 'setClock'];
    const writes = routesOf(document).filter(
      ({ method, operation }) => method !== 'GET' && !without.includes(operation.operationId ?? ''),
    );
    assert.deepEqual(
      named.map(({ path }) => path),
      writes.map(({ path }) => path),
    );
  });

  test('the readable page is served with its own assets', async () => {
    const page = await (await fetch(`${hub.url}/docs/`)).text();
    assert.match(page, /swagger-ui/);
    for (const [, asset] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
      assert.ok(!asset?.startsWith('http'), asset);
      assert.equal((await fetch(new URL(asset ?? '', `${hub.url}/docs/`))).status, 200, asset);
    }
  });
});
