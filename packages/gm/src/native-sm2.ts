import { encodeBase64 } from './base64.ts';
import { boundedCache } from './bounded-cache.ts';
import { DEFAULT_USER_ID } from './curve.ts';
import { privateKeyDer, publicKeyDer } from './key-der.ts';
import { privateScalar, publicPoint } from './key-text.ts';
import { loadOpenSsl, type OpenSsl, type Pointer } from './openssl.ts';
import { fromDer, parseSignature, toDer } from './raw-signature.ts';
import type { Sm2 } from './sm2-implementation.ts';

// A private key costs as much to load as a signature (OpenSSL computes its public point), a public key a tenth.
const CACHED_KEYS = 1024;
// Two INTEGERs of at most 33 bytes, with their headers.
const MAX_DER_SIGNATURE = 72;
const USER_ID = Buffer.from(DEFAULT_USER_ID, 'ascii');

const openSsl = loadOpenSsl();

/**
 * SM2 by the OpenSSL inside Node. Undefined when it cannot be reached.
 * Node's own crypto.sign and crypto.verify leave the user id empty, which nobody else accepts.
 */
export const nativeSm2: Sm2 | undefined = openSsl === undefined ? undefined : bind(openSsl);

function bind(ssl: OpenSsl): Sm2 {
  const digest = ssl.EVP_sm3();
  const publicKeyOf = boundedCache(CACHED_KEYS, loadPublicKey, ssl.EVP_PKEY_free);
  const privateKeyOf = boundedCache(CACHED_KEYS, loadPrivateKey, ssl.EVP_PKEY_free);

  return {
    verify(publicKey, bytes, signature) {
      const raw = parseSignature(signature);
      const key = raw === undefined ? undefined : publicKeyOf(publicKey);
      if (raw === undefined || key === undefined) return false;
      const der = toDer(raw);
      return withContext(
        key,
        (context) =>
          ssl.EVP_DigestVerifyInit(context, null, digest, null, key) === 1 &&
          ssl.EVP_DigestVerify(context, der, der.length, bytes, bytes.length) === 1,
      );
    },

    sign(privateKey, bytes) {
      const key = privateKeyOf(privateKey);
      if (key === undefined) throw new Error('OpenSSL refused an SM2 private key');
      const der = new Uint8Array(MAX_DER_SIGNATURE);
      const length: [number] = [der.length];
      const done = withContext(
        key,
        (context) =>
          ssl.EVP_DigestSignInit(context, null, digest, null, key) === 1 &&
          ssl.EVP_DigestSign(context, der, length, bytes, bytes.length) === 1,
      );
      if (!done) throw new Error('OpenSSL could not make an SM2 signature');
      return encodeBase64(fromDer(der));
    },
  };

  /** Runs `act` with a digest context that carries the user id, and frees both contexts whatever happens. */
  function withContext(key: Pointer, act: (context: Pointer) => boolean): boolean {
    const context = ssl.EVP_MD_CTX_new();
    const keyContext = ssl.EVP_PKEY_CTX_new(key, null);
    try {
      if (context === null || keyContext === null) throw new Error('OpenSSL is out of memory');
      if (ssl.EVP_PKEY_CTX_set1_id(keyContext, USER_ID, USER_ID.length) !== 1) return failed();
      ssl.EVP_MD_CTX_set_pkey_ctx(context, keyContext);
      return act(context) || failed();
    } finally {
      // The digest context borrows the key context and never frees one that it was given.
      ssl.EVP_MD_CTX_free(context);
      ssl.EVP_PKEY_CTX_free(keyContext);
    }
  }

  // Reasons stay in a queue of the thread, where Node's own crypto would find them after its next failure.
  function failed(): false {
    ssl.ERR_clear_error();
    return false;
  }

  function loadPublicKey(text: string): bigint | undefined {
    const point = publicPoint(text);
    return point === undefined ? undefined : loaded(ssl.d2i_PUBKEY, publicKeyDer(point));
  }

  function loadPrivateKey(text: string): bigint | undefined {
    return loaded(ssl.d2i_AutoPrivateKey, privateKeyDer(privateScalar(text)));
  }

  function loaded(read: OpenSsl['d2i_PUBKEY'], der: Uint8Array): bigint | undefined {
    const key = read(null, [der], der.length);
    if (key === null) failed();
    return key ?? undefined;
  }
}
