// Slow loris: clients that send a byte now and then, so that a connection is never silent and never done.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { startTestGateway, type TestGateway } from './support.ts';

const DRIP_MS = 250;

describe('a client that sends a byte now and then', { concurrency: true, timeout: 90_000 }, () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway();
  });
  after(() => hub[Symbol.asyncDispose]());

  /** What came back until the hub hung up. */
  async function answerTo(beginning: string): Promise<string> {
    const { hostname, port } = new URL(hub.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {}); // a byte may meet a closed door
    socket.write(beginning);
    const drip = setInterval(() => socket.write('x'), DRIP_MS);
    let answer = '';
    for await (const part of socket) answer += part;
    clearInterval(drip);
    return answer;
  }

  test('GJ-6b is cut off while it sends headers', async () => {
    assert.match(await answerTo('GET /v1/quota HTTP/1.1\r\nhost: hub\r\nx-slow: '), /^HTTP\/1.1 408 /);
  });

  test('GJ-6b is cut off while it sends a body', async () => {
    const head =
      'POST /oauth/token HTTP/1.1\r\nhost: hub\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100000\r\n\r\n';
    assert.match(await answerTo(head), /HTTP\/1.1 408 /);
  });
});
