import { readFileSync } from 'node:fs';
import { TokenSource } from '@erx/sandbox';
import { secretFile } from '@erx/testkit';
import type { SandboxInProcess } from './sandbox-in-process.ts';

type Answered = { status: number; codes: string[]; body: Record<string, unknown> };

/** Plain HTTP as any registered client of the sandbox's world, or as nobody. */
export type Knocker = {
  send(as: string | undefined, method: string, path: string, body?: unknown, operator?: string): Promise<Answered>;
  tokenOf(clientId: string): Promise<string>;
  /** A further client with the key that the authority was given for it. */
  add(clientId: string, role: string, key: object): void;
  /** The first client of a role; with a part of its id, the first that has it. */
  clientOf(role: string, part?: string): string;
};

const STREAM = 'text/event-stream';

export function openKnocker({ hub, world }: Pick<SandboxInProcess, 'hub' | 'world'>): Knocker {
  const keys = new Map<string, { role: string; key: object }>([
    [
      'authority',
      { role: 'AUTHORITY', key: JSON.parse(readFileSync(secretFile('authority.private.jwk.json'), 'utf8')) },
    ],
    ...world.clients.map(({ record: { clientId, role }, key }) => [clientId, { role, key }] as const),
  ]);
  const sources = new Map<string, TokenSource>();
  const tokenOf = (clientId: string): Promise<string> => {
    const source = sources.get(clientId) ?? new TokenSource(hub.url, { clientId, key: keys.get(clientId)?.key ?? {} });
    sources.set(clientId, source);
    return source.get();
  };
  return {
    tokenOf,
    add: (clientId, role, key) => void keys.set(clientId, { role, key }),
    async send(as, method, path, body, operator) {
      const hasBody = body !== undefined && method !== 'GET';
      const response = await fetch(hub.url + path, {
        method,
        headers: {
          ...(as === undefined ? {} : { authorization: `Bearer ${await tokenOf(as)}` }),
          ...(method === 'GET' ? {} : { 'idempotency-key': crypto.randomUUID() }),
          ...(operator === undefined ? {} : { 'erx-operator': operator }),
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
        },
        ...(hasBody ? { body: JSON.stringify(body) } : {}),
      });
      if (response.headers.get('content-type')?.startsWith(STREAM)) {
        await response.body?.cancel();
        return { status: response.status, codes: [], body: {} };
      }
      const answer = JSON.parse((await response.text()) || '{}') as Answered['body'] & { errors?: { code: string }[] };
      const codes = [...new Set((answer.errors ?? []).map(({ code }) => code))].sort();
      return { status: response.status, codes, body: answer };
    },
    clientOf(role, part = '') {
      const [found] = [...keys].find(([id, client]) => client.role === role && id.includes(part)) ?? [];
      if (found === undefined) throw new RangeError(`nobody is ${role}`);
      return found;
    },
  };
}
