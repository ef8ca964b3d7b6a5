import { verify } from '@erx/gm';
import type { PublicKey } from '@erx/proto/registry/v1/registry_events';
import { keyAt } from '@erx/reference';

/** How far the clock of somebody who signs may be ahead of the hub's. */
const AHEAD_MS = 5 * 60_000;

export type Signed = { bytes: Uint8Array; signature: string; signedAt: Date };

/** Id of the key on record, valid when it was signed, that made the signature; undefined when none did. */
export function signingKey(
  keys: readonly PublicKey[],
  { bytes, signature, signedAt }: Signed,
  at: Date,
): string | undefined {
  if (signedAt.getTime() > at.getTime() + AHEAD_MS) return undefined;
  return keyAt(keys, signedAt).find(({ publicKey }) => verify(publicKey, bytes, signature))?.keyId;
}
