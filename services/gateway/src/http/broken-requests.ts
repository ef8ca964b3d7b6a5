import type { Socket } from 'node:net';
import { catalogue } from '@erx/errors';
import { PROBLEM } from './problem.ts';

/** What does not even parse as HTTP, or never ends, gets a last word before the connection closes. */
export function answerBrokenRequests(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, words] = answers[error.code ?? ''] ?? [400, 'Bad Request'];
  const { en: title, zh: titleZh } = catalogue.REQUEST_INVALID;
  const code = 'REQUEST_INVALID';
  const body = JSON.stringify({ type: `urn:erx:refusal:${code}`, title, titleZh, status, code, errors: [] });
  socket.end(
    `HTTP/1.1 ${status} ${words}\r\ncontent-type: ${PROBLEM}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}

const answers: Record<string, [status: number, words: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};
