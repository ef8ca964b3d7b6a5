import { newSigningJwk } from './signing-jwk.ts';

// The keys of access tokens (a JSON Web Key Set): the first signs; those behind it signed before, and verify until `exp`.

type Key = { kid: string; d?: string; exp?: number };

/** Tokens live five minutes; clocks differ by seconds. */
const TOKEN_LIFE_SECONDS = 360;

export const TOKEN_KEYS_FILE = 'token-keys.json';

export function firstTokenKeys(): string {
  return format([newSigningJwk()]);
}

/**
 * A new key in front. The one that signed so far verifies until its last token has expired, without its private part:
 * whoever has that makes no more tokens then. `atOnce`: it is stolen; nothing that it signed is good any more.
 */
export function rotated(text: string, now: Date, atOnce: boolean): string {
  const seconds = Math.ceil(now.getTime() / 1_000);
  const { keys } = JSON.parse(text) as { keys: Key[] };
  const former = keys.flatMap(({ d, ...key }) => {
    const exp = key.exp ?? seconds + TOKEN_LIFE_SECONDS;
    return atOnce || exp <= seconds ? [] : [{ ...key, exp }];
  });
  return format([newSigningJwk(), ...former]);
}

const format = (keys: object[]): string => `${JSON.stringify({ keys })}\n`;
