import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Credentials, TokenRefused, TokenSource } from './token.ts';

export type Call = {
  /** Name under which its time is counted. */
  step: string;
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: unknown;
  /** Practitioner code or till that acts. */
  operator?: string;
  /** Idempotency-Key; every call but a GET has one, made here when none is given. */
  key?: string;
  /** Gives up waiting for this one answer, as a till does that loses its line. */
  signal?: AbortSignal;
};

/** An entry of `errors` in application/problem+json. */
type Problem = { code: string; titleZh?: string; field?: string; detail?: Record<string, string> };
export type Answer<T> = { ok: true; status: number; body: T } | { ok: false; status: number; errors: Problem[] };

export type Connection = {
  url: string;
  /** How long a client keeps repeating one request while the hub is away. */
  patienceMs: number;
  /** Told the time of every answered attempt. */
  onAnswer?: (step: string, ms: number, status: number) => void;
};

const ATTEMPT_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
/** The hub, or a part of it, is away or busy: the same request may succeed later. */
const LATER = new Set([429, 502, 503, 504]);

/** One client's calls to the hub: token, idempotency key, and repeats with the same key while the hub is away. */
export class Session {
  readonly #connection: Connection;
  readonly #tokens: TokenSource;

  constructor(connection: Connection, credentials: Credentials) {
    this.#connection = connection;
    this.#tokens = new TokenSource(connection.url, credentials);
  }

  /** The hub's answer, be it a refusal. Throws when there was none for as long as the client has patience. */
  async send<T>(call: Call): Promise<Answer<T>> {
    const key = call.key ?? (call.method === 'GET' ? undefined : randomUUID());
    const end = Date.now() + this.#connection.patienceMs;
    let renewed = false;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const outcome = await this.#attempt<T>(call, key).catch(failure);
      call.signal?.throwIfAborted();
      if (!('retry' in outcome)) {
        if (outcome.ok || outcome.status !== 401 || renewed) return outcome;
        this.#tokens.forget();
        renewed = true;
        continue;
      }
      if (Date.now() > end) throw new Error(`${call.step}: no answer; last: ${outcome.retry}`);
      await sleep(Math.max(pause, outcome.afterMs ?? 0));
    }
  }

  /** One GET whose answer is read as it comes. No repeats: whoever follows a stream comes back by itself. */
  async open(step: string, path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const token = await this.#tokens.get();
    const began = performance.now();
    const response = await fetch(this.#connection.url + path, {
      headers: { ...headers, authorization: `Bearer ${token}` },
      signal,
    });
    this.#connection.onAnswer?.(step, performance.now() - began, response.status);
    if (response.status === 401) this.#tokens.forget();
    return response;
  }

  async #attempt<T>(call: Call, key: string | undefined): Promise<Answer<T> | Retry> {
    const token = await this.#tokens.get();
    const began = performance.now();
    const timeout = AbortSignal.timeout(ATTEMPT_MS);
    const response = await fetch(this.#connection.url + call.path, {
      method: call.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(call.operator === undefined ? {} : { 'erx-operator': call.operator }),
      },
      signal: call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await response.text();
    this.#connection.onAnswer?.(call.step, performance.now() - began, response.status);
    if (LATER.has(response.status)) {
      const seconds = Number(response.headers.get('retry-after') ?? 0);
      return {
        retry: `HTTP ${response.status}`,
        afterMs: seconds > 0 ? Math.min(seconds * 1_000, LONGEST_PAUSE_MS) : 0,
      };
    }
    if (response.ok) return { ok: true, status: response.status, body: parse<T>(text) };
    return { ok: false, status: response.status, errors: problems(response.status, text) };
  }
}

type Retry = { retry: string; afterMs?: number };

/** The network failed, or there was no answer in time, or the token endpoint is away. Anything else is our own mistake. */
function failure(error: unknown): Retry {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  const isNetwork = error instanceof TypeError && cause !== undefined;
  const isLate = name === 'TimeoutError' || name === 'AbortError';
  const isTokenAway = error instanceof TokenRefused && LATER.has(error.status);
  if (!isNetwork && !isLate && !isTokenAway) throw error;
  return { retry: cause?.code ?? message };
}

function parse<T>(text: string): T {
  return (text === '' ? {} : JSON.parse(text)) as T;
}

function problems(status: number, text: string): Problem[] {
  try {
    const problem = JSON.parse(text) as { code?: string; errors?: Problem[] };
    if (problem.errors !== undefined && problem.errors.length > 0) return problem.errors;
    return [{ code: problem.code ?? `HTTP_${status}` }];
  } catch {
    return [{ code: `HTTP_${status}` }];
  }
}
