import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import { AUDIENCE } from './provider.ts';
import type { TokenKeys } from './token-keys.ts';

/** What a token says about its bearer. */
type Bearer = { clientId: string; role: string; institutionId: string; division: string };
export type TokenVerifier = (token: string) => Promise<Bearer | undefined>;

const REMEMBERED = 2_000;

/** Checks access tokens; undefined for every token that is not ours, not for us, or expired. */
export function tokenVerifier(issuer: string, keysNow: () => TokenKeys, now: () => Date): TokenVerifier {
  let keys = keysNow();
  // A client sends the same token for minutes: its signature is checked once.
  const known = new Map<string, { bearer: Bearer; expiresAt: number }>();
  return async (token) => {
    const latest = keysNow();
    if (latest !== keys) known.clear();
    keys = latest;
    const id = createHash('sha256').update(token).digest('base64');
    const before = known.get(id);
    if (before !== undefined) {
      if (now().getTime() < before.expiresAt) return before.bearer;
      known.delete(id);
      return undefined;
    }
    const checked = await check(token, keys.publicKey, issuer, now());
    if (checked === undefined) return undefined;
    for (const oldest of known.keys()) {
      if (known.size < REMEMBERED) break;
      known.delete(oldest);
    }
    known.set(id, checked);
    return checked.bearer;
  };
}

async function check(token: string, publicKey: TokenKeys['publicKey'], issuer: string, currentDate: Date) {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      issuer,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      requiredClaims: ['exp', 'client_id', 'role'],
      currentDate,
    });
    const text = (name: string): string => (typeof payload[name] === 'string' ? payload[name] : '');
    return {
      bearer: {
        clientId: text('client_id'),
        role: text('role'),
        institutionId: text('institution'),
        division: text('division'),
      },
      expiresAt: (payload.exp ?? 0) * 1_000,
    };
  } catch {
    return undefined;
  }
}
