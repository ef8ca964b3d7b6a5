import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A door before the gateway that keeps what clients are told when something is refused or fails. */
export type Recorder = AsyncDisposable & { url: string; answers: { place: string; bytes: Buffer }[] };

export async function recordErrors(gateway: string): Promise<Recorder> {
  const answers: Recorder['answers'] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', gateway), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      if ((answer.statusCode ?? 0) >= 400) keep(answers, answer);
    });
    onward.once('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Headers and body. */
function keep(answers: Recorder['answers'], answer: IncomingMessage): void {
  const pieces: Buffer[] = [Buffer.from(`${JSON.stringify(answer.headers)}\n`)];
  answer.on('data', (piece: Buffer) => pieces.push(piece));
  answer.once('end', () => answers.push({ place: `HTTP ${answer.statusCode}`, bytes: Buffer.concat(pieces) }));
}
