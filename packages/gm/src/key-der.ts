// Both prefixes are constant because all their lengths are.
// SubjectPublicKeyInfo {ecPublicKey 1.2.840.10045.2.1, sm2p256v1 1.2.156.10197.1.301}, then the BIT STRING.
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex');
// ECPrivateKey of RFC 5915: version 1, OCTET STRING D, [0] the curve. OpenSSL computes the public point itself.
const SEC1_PREFIX = Buffer.from('30310201010420', 'hex');
const SEC1_SUFFIX = Buffer.from('a00a06082a811ccf5501822d', 'hex');

/** `point` is 04||X||Y, 65 bytes. */
export function publicKeyDer(point: Uint8Array): Uint8Array {
  return Buffer.concat([SPKI_PREFIX, point]);
}

/** `scalar` is D, 32 bytes. */
export function privateKeyDer(scalar: Uint8Array): Uint8Array {
  return Buffer.concat([SEC1_PREFIX, scalar, SEC1_SUFFIX]);
}
