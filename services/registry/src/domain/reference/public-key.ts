import type { PublicKey } from '@erx/proto/registry/v1/registry_events';
import { checkId, checkPeriod } from '../checks.ts';
import { distinct, each, expect, type Problems } from '../problems.ts';

/** Keys on record: named, with a validity, and an uncompressed point (65 bytes) in Base64. */
export function* checkKeys(keys: readonly PublicKey[], at: string): Problems {
  yield* each(keys, at, function* (key, pointer) {
    yield* checkId(key.keyId, `${pointer}/keyId`);
    yield* expect(isPoint(key.publicKey), `${pointer}/publicKey`, 'NOT_A_PUBLIC_KEY');
    yield* checkPeriod(key.valid, `${pointer}/valid`);
  });
  yield* distinct(
    keys,
    (index) => `${at}/${index}/keyId`,
    (key) => key.keyId,
  );
}

function isPoint(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 65 && bytes[0] === 0x04 && bytes.toString('base64') === text;
}
