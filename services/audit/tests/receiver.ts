import { createHmac, createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A message as it came in, its signatures checked as a subscriber would. */
export type Message = {
  id: string;
  data: { eventId: string; number: number; key: string; type: string; value: string };
  hmac: boolean;
  ed25519: boolean;
};
type Reply = (message: Message, response: ServerResponse) => void;

/** A subscriber's server: real HTTP, answers as it is told. */
export async function startReceiver() {
  const messages: Message[] = [];
  const keys = { secret: '', publicKey: '' };
  let reply: Reply = (_, response) => response.writeHead(204).end();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = check(request, Buffer.concat(chunks).toString(), keys);
    messages.push(message);
    reply(message, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    keys,
    messages,
    /** Event ids in the order of coming, all attempts. */
    ids: () => messages.map(({ id }) => id),
    answers(next: Reply) {
      reply = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// Written from the Standard Webhooks text, apart from the code under test.
function check(request: IncomingMessage, body: string, keys: { secret: string; publicKey: string }): Message {
  const id = String(request.headers['webhook-id']);
  const content = Buffer.from(`${id}.${request.headers['webhook-timestamp']}.${body}`);
  const signatures = String(request.headers['webhook-signature']).split(' ');
  const of = (version: string) =>
    signatures.find((it) => it.startsWith(`${version},`))?.slice(version.length + 1) ?? '';
  const secret = Buffer.from(keys.secret.replace('whsec_', ''), 'base64');
  const x = Buffer.from(keys.publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const publicKey =
    keys.publicKey === '' ? undefined : createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return {
    id,
    data: JSON.parse(body).data,
    hmac: createHmac('sha256', secret).update(content).digest('base64') === of('v1'),
    ed25519: publicKey !== undefined && verify(null, content, publicKey, Buffer.from(of('v1a'), 'base64')),
  };
}
