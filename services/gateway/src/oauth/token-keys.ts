import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '@erx/config';
import type { Logger } from '@erx/telemetry';
import { createLocalJWKSet, errors, type JWK, type JWTVerifyGetKey } from 'jose';

/** The keys of access tokens as they are now; another object as soon as they are others. */
export type TokenKeys = {
  /** Signs. */
  signing: JWK;
  /** The public key that a token names, if tokens by it are still good. */
  publicKey: JWTVerifyGetKey;
};

type Key = JWK & { kid: string; exp?: number };

const SETTING = 'ERX_TOKEN_KEYS_FILE';

/**
 * Reads a JSON Web Key Set whose first key signs; those behind it have signed in former times, and verify until their `exp`
 * (seconds since 1970). The file may be changed while the gateway runs: it is looked at whenever a token is made or met for
 * the first time. What cannot be read then changes nothing and is logged; at the start it throws ConfigError.
 */
export function openTokenKeys(file: string, now: () => Date, log: Logger): () => TokenKeys {
  let seen = stampOf(file);
  let keys = read(file, now);
  return () => {
    const stamp = stampOf(file);
    if (stamp === seen) return keys;
    seen = stamp;
    try {
      keys = read(file, now);
    } catch (error) {
      log.error({ err: error }, 'the keys of access tokens stay as they were');
    }
    return keys;
  };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return `${found?.ino}/${found?.mtimeMs}/${found?.size}`;
}

function read(file: string, now: () => Date): TokenKeys {
  const keys = parse(file);
  const [signing] = keys;
  if (signing?.d === undefined) throw new ConfigError(`${SETTING}: the first key is no private key`);
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  if (byKid.size !== keys.length) throw new ConfigError(`${SETTING}: two keys have one kid`);
  const local = createLocalJWKSet({ keys: keys.map(({ d: _private, exp: _end, ...key }) => key) });
  return {
    signing,
    async publicKey(header, token) {
      const { exp } = byKid.get(header?.kid ?? '') ?? { exp: 0 };
      if (exp !== undefined && exp * 1_000 <= now().getTime()) throw new errors.JWKSNoMatchingKey();
      return local(header, token);
    },
  };
}

/** Says what is wrong, never what it read. */
function parse(file: string): Key[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${SETTING}: cannot read the file (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const { keys } = JSON.parse(text) as { keys: Key[] };
    if (keys.every(({ kid, crv }) => typeof kid === 'string' && crv === 'P-256')) return keys;
  } catch {
    // Said below: the parser's message would show a part of the file.
  }
  throw new ConfigError(`${SETTING}: not a JSON Web Key Set of P-256 keys, each with a kid`);
}
