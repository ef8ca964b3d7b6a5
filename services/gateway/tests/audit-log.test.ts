import assert from 'node:assert/strict';
import test from 'node:test';
import { startTestGateway } from './support.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';

test('GJ-6e the log is read without a token, with the types and lifetimes of C2SP tlog-tiles', async () => {
  await using hub = await startTestGateway();
  const files: Record<string, { content?: Uint8Array; immutable: boolean }> = {
    '0 checkpoint': { content: Buffer.from('origin\n1\nroot\n\n\u2014 origin signature\n'), immutable: false },
    '0 tile/0/x001/067.p/3': { content: new Uint8Array(96), immutable: true },
    '0 tile/entries/000': { content: new Uint8Array(700).fill(7), immutable: true },
    '2 tile/0/000': { content: new Uint8Array(8192), immutable: true },
  };
  hub.fakes['readLogFile'] = ({ logId, path }: { logId: number; path: string }) =>
    files[`${logId} ${path}`] ?? { content: undefined, immutable: false };
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${hub.url}/v1/audit/${path}`, { headers });
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };

  const checkpoint = await get('log/checkpoint');
  assert.equal(checkpoint.response.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(checkpoint.response.headers.get('cache-control'), 'public, max-age=1');
  assert.deepEqual(Buffer.from(checkpoint.bytes), Buffer.from(files['0 checkpoint']?.content ?? []));

  const tile = await get('log/tile/0/x001/067.p/3');
  assert.equal(tile.response.headers.get('content-type'), 'application/octet-stream');
  assert.equal(tile.response.headers.get('cache-control'), FOR_EVER);
  assert.equal(tile.bytes.length, 96);
  assert.equal((await get('logs/2/tile/0/000')).bytes.length, 8192);

  // fetch unpacks by itself: what it got was packed
  const entries = await get('log/tile/entries/000');
  assert.equal(entries.response.headers.get('content-encoding'), 'gzip');
  assert.equal(entries.response.headers.get('cache-control'), FOR_EVER);
  assert.deepEqual(entries.bytes, new Uint8Array(700).fill(7));

  for (const path of ['log/tile/0/001', 'log/tile/', 'logs/2/checkpoint', 'logs/x/checkpoint']) {
    const { response, bytes } = await get(path);
    assert.equal(response.status, 404, path);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(JSON.parse(Buffer.from(bytes).toString()).code, 'NOT_FOUND');
  }
});
