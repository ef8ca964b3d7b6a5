import { type LookupAddress, lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { type AddressRules, addressProblem, isPublic } from './webhook-address.ts';

/** What became of one attempt. */
type Posted = {
  /** Absent: there was no answer; `problem` says why. */
  status?: number;
  problem: string;
  /** The receiver's wish, milliseconds; 0: none. */
  retryAfterMs: number;
};

export type PostWebhook = (url: string, headers: Record<string, string>, body: string) => Promise<Posted>;

const ANSWER_MS = 10_000;
/** Nobody needs more of an answer; the rest is not read. */
const ANSWER_BYTES = 64 * 1024;
const CONNECTIONS = 64;

/**
 * Sends messages to the addresses of subscribers. Names are resolved for each new connection, and the connection goes to
 * the very numbers that were judged: a name that turns to a private network is not followed, nor is a redirect.
 */
export function openPost(rules: AddressRules): PostWebhook & Disposable {
  const options = { keepAlive: true, maxSockets: CONNECTIONS, lookup: rules.allowsPrivate ? lookup : publicOnly };
  const agents = { http: new http.Agent(options), https: new https.Agent(options) };
  const post: PostWebhook = async (url, headers, body) => {
    const forbidden = addressProblem(url, rules);
    if (forbidden !== undefined) return { problem: forbidden, retryAfterMs: 0 };
    const over = AbortSignal.timeout(ANSWER_MS);
    try {
      return await attempt(agents, url, headers, body, over);
    } catch (error) {
      return { problem: over.aborted ? 'TIMEOUT' : problemOf(error), retryAfterMs: 0 };
    }
  };
  return Object.assign(post, {
    [Symbol.dispose]() {
      agents.http.destroy();
      agents.https.destroy();
    },
  });
}

function attempt(
  agents: { http: http.Agent; https: https.Agent },
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const isSecure = url.startsWith('https:');
    const request = (isSecure ? https : http).request(url, {
      method: 'POST',
      agent: isSecure ? agents.https : agents.http,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const { statusCode: status = 0 } = response;
      const wish = Number(response.headers['retry-after'] ?? 0);
      resolve({ status, problem: `HTTP_${status}`, retryAfterMs: Number.isFinite(wish) ? 1_000 * wish : 0 });
      // Read to its end, so that the connection can be used again; but not for ever.
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES) response.destroy();
      });
      response.on('error', () => {});
    });
    request.end(body);
  });
}

class Forbidden extends Error {}

const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const [first] = found ?? [];
    if (error !== null || first === undefined) callback(error ?? new Error('no address'), '', 0);
    else if (!found.every(({ address }) => isPublic(address))) callback(new Forbidden(), '', 0);
    else if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
};

/** A word for the subscriber; nothing of the hub's own network. */
function problemOf(error: unknown): string {
  if (error instanceof Forbidden) return 'ADDRESS_FORBIDDEN';
  const { code = '' } = error as { code?: string };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'NAME_UNKNOWN';
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code) ? 'CERTIFICATE_INVALID' : 'UNREACHABLE';
}
