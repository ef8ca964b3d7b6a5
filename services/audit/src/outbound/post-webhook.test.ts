import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { openPost } from './post-webhook.ts';

describe('sending to an address', () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (request.url === '/busy') response.writeHead(503, { 'retry-after': '7' }).end();
    else response.writeHead(200).end('x'.repeat(1_000_000));
  });
  let port = 0;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    port = (server.address() as { port: number }).port;
  });
  after(() => server.close());

  test('a name that leads to this machine is not sent to, unless private networks are allowed', async () => {
    using careful = openPost({ allowsHttp: true, allowsPrivate: false });
    seen.length = 0;
    const posted = await careful(`http://localhost:${port}/hook`, {}, '{}');
    assert.deepEqual([posted.problem, posted.status, seen], ['ADDRESS_FORBIDDEN', undefined, []]);
    using open = openPost({ allowsHttp: true, allowsPrivate: true });
    assert.equal((await open(`http://localhost:${port}/hook`, {}, '{}')).status, 200);
    assert.deepEqual(seen, ['/hook']);
  });

  test('a redirect is an answer, not a way to follow; a wish for a pause is read', async () => {
    using post = openPost({ allowsHttp: true, allowsPrivate: true });
    seen.length = 0;
    assert.equal((await post(`http://localhost:${port}/moved`, {}, '{}')).problem, 'HTTP_302');
    assert.deepEqual(seen, ['/moved']);
    const busy = await post(`http://localhost:${port}/busy`, {}, '{}');
    assert.deepEqual([busy.status, busy.retryAfterMs], [503, 7_000]);
  });

  test('no answer at all has a word of its own, and plain http is refused outside the sandbox', async () => {
    using post = openPost({ allowsHttp: true, allowsPrivate: true });
    assert.equal((await post('http://localhost:1/', {}, '{}')).problem, 'UNREACHABLE');
    using strict = openPost({ allowsHttp: false, allowsPrivate: true });
    assert.equal((await strict(`http://localhost:${port}/`, {}, '{}')).problem, 'HTTPS_REQUIRED');
  });
});
