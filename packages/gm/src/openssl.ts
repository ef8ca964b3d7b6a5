import { createRequire } from 'node:module';

/** An address in native memory; null is C's NULL. */
export type Pointer = bigint | null;

const DECLARATIONS = {
  ERR_clear_error: 'void ERR_clear_error()',
  EVP_sm3: 'void *EVP_sm3()',
  d2i_PUBKEY: 'void *d2i_PUBKEY(void *reuse, const uint8_t **der, long length)',
  d2i_AutoPrivateKey: 'void *d2i_AutoPrivateKey(void *reuse, const uint8_t **der, long length)',
  EVP_PKEY_free: 'void EVP_PKEY_free(void *key)',
  EVP_PKEY_CTX_new: 'void *EVP_PKEY_CTX_new(void *key, void *engine)',
  EVP_PKEY_CTX_set1_id: 'int EVP_PKEY_CTX_set1_id(void *keyContext, const uint8_t *id, int length)',
  EVP_PKEY_CTX_free: 'void EVP_PKEY_CTX_free(void *keyContext)',
  EVP_MD_CTX_new: 'void *EVP_MD_CTX_new()',
  EVP_MD_CTX_set_pkey_ctx: 'void EVP_MD_CTX_set_pkey_ctx(void *context, void *keyContext)',
  EVP_MD_CTX_free: 'void EVP_MD_CTX_free(void *context)',
  EVP_DigestVerifyInit: 'int EVP_DigestVerifyInit(void *context, void *out, void *digest, void *engine, void *key)',
  EVP_DigestVerify:
    'int EVP_DigestVerify(void *context, const uint8_t *sig, size_t sigLength, const uint8_t *data, size_t length)',
  EVP_DigestSignInit: 'int EVP_DigestSignInit(void *context, void *out, void *digest, void *engine, void *key)',
  EVP_DigestSign:
    'int EVP_DigestSign(void *context, _Out_ uint8_t *sig, _Inout_ size_t *sigLength, ' +
    'const uint8_t *data, size_t length)',
};

/** The functions of OpenSSL's libcrypto that SM2 needs, under their C names. */
export type OpenSsl = {
  ERR_clear_error(): void;
  EVP_sm3(): Pointer;
  d2i_PUBKEY(reuse: null, der: [Uint8Array], length: number): Pointer;
  d2i_AutoPrivateKey(reuse: null, der: [Uint8Array], length: number): Pointer;
  EVP_PKEY_free(key: Pointer): void;
  EVP_PKEY_CTX_new(key: Pointer, engine: null): Pointer;
  EVP_PKEY_CTX_set1_id(keyContext: Pointer, id: Uint8Array, length: number): number;
  EVP_PKEY_CTX_free(keyContext: Pointer): void;
  EVP_MD_CTX_new(): Pointer;
  EVP_MD_CTX_set_pkey_ctx(context: Pointer, keyContext: Pointer): void;
  EVP_MD_CTX_free(context: Pointer): void;
  EVP_DigestVerifyInit(context: Pointer, out: null, digest: Pointer, engine: null, key: Pointer): number;
  EVP_DigestVerify(context: Pointer, sig: Uint8Array, sigLength: number, data: Uint8Array, length: number): number;
  EVP_DigestSignInit(context: Pointer, out: null, digest: Pointer, engine: null, key: Pointer): number;
  EVP_DigestSign(context: Pointer, sig: Uint8Array, sigLength: [number], data: Uint8Array, length: number): number;
};

/**
 * The OpenSSL inside the running Node binary. Undefined where koffi has no build for the platform, or where
 * this Node hides or lacks the symbols: the caller then uses the slower JavaScript implementation.
 */
export function loadOpenSsl(): OpenSsl | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const process = koffi.load(null);
    const bound = Object.entries(DECLARATIONS).map(([name, declaration]) => [name, process.func(declaration)]);
    return Object.fromEntries(bound) as OpenSsl;
  } catch {
    return undefined;
  }
}
