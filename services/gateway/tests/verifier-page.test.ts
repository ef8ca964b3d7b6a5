import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestGateway, type TestGateway } from './support.ts';

let hub: TestGateway;
before(async () => {
  hub = await startTestGateway();
});
after(() => hub?.[Symbol.asyncDispose]());

test('GJ-6e the page that verifies receipts needs no token, comes whole from here, and may connect to nothing', async () => {
  const page = await fetch(`${hub.url}/verify`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|http|\*/);
  const waiting = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
  const seen = new Set<string>();
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (seen.has(address)) continue;
    seen.add(address);
    assert.match(address, /^\/verify\//);
    const file = await fetch(hub.url + address);
    assert.equal(file.status, 200, address);
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
    const text = await file.text();
    for (const [, imported] of text.matchAll(/^(?:import|export)[^;'"]*?from\s*'\.\/([^']+)'/gm)) {
      waiting.push(`/verify/${imported}`);
    }
  }
  assert.ok(seen.size > 10, [...seen].join(' '));
});
