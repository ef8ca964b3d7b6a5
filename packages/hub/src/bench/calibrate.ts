import { createHash, generateKeyPairSync, sign as signBare, verify as verifyBare } from 'node:crypto';
import { generateKeyPair, nativeSm2, pureSm2, type Sm2 } from '@erx/gm';
import { sealAndOpen } from '@erx/verification/measured';

/** How fast this machine is, so that figures of two machines can be compared. One core, nothing else running. */
export type Calibration = {
  /** SHA-256 over 1 MiB. */
  hashesPerSecond: number;
  /** SM2 over 1,500 bytes: ours through OpenSSL, a loop of nothing but OpenSSL (without a user id), in JavaScript alone. */
  sm2: Record<'verify' | 'sign' | 'verifyBare' | 'signBare' | 'verifyInJavaScript' | 'signInJavaScript', number>;
  /** Persons, each with three fields and a key of its own. */
  sealing: { seal: number; open: number };
};

const MS = 1_000;

export function calibrate(): Calibration {
  const mebibyte = Buffer.alloc(1 << 20, 1);
  const document = Buffer.alloc(1_500, 'x');
  const { privateKey, publicKey } = generateKeyPair();
  const signature = pureSm2.sign(privateKey, document);
  const verify = (sm2: Sm2) => perSecond(() => sm2.verify(publicKey, document, signature));
  const sign = (sm2: Sm2) => perSecond(() => sm2.sign(privateKey, document));
  const native = nativeSm2 ?? pureSm2;
  const bare = generateKeyPairSync('ec', { namedCurve: 'SM2' });
  const bareSignature = signBare('sm3', document, bare.privateKey);
  const { seal, open } = sealAndOpen();
  return {
    hashesPerSecond: perSecond(() => createHash('sha256').update(mebibyte).digest()),
    sm2: {
      verify: verify(native),
      sign: sign(native),
      verifyBare: perSecond(() => verifyBare('sm3', document, bare.publicKey, bareSignature)),
      signBare: perSecond(() => signBare('sm3', document, bare.privateKey)),
      verifyInJavaScript: verify(pureSm2),
      signInJavaScript: sign(pureSm2),
    },
    sealing: { seal: perSecond(seal), open: perSecond(open) },
  };
}

function perSecond(work: () => unknown): number {
  for (let warm = 0; warm < 20; warm += 1) work();
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < MS) {
    work();
    count += 1;
  }
  return Math.round((count * 1_000) / (performance.now() - began));
}
