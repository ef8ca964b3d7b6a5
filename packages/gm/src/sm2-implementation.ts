/** SM2 signatures with SM3 and the default user id (GB/T 32918.2); all texts are Base64. */
export type Sm2 = {
  /** r||s over the bytes: 88 characters. Throws TypeError when the private key is none. */
  sign(privateKey: string, bytes: Uint8Array): string;
  /** False for whatever is wrong with key, signature or bytes; never throws. */
  verify(publicKey: string, bytes: Uint8Array, signature: string): boolean;
};
