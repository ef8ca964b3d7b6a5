export { generateKeyPair, type KeyPair } from './key-pair.ts';
export { nativeSm2 } from './native-sm2.ts';
export { pureSm2 } from './pure-sm2.ts';
export { type Sm2, sign, verify } from './sm2.ts';
export { sm3, sm3Hex } from './sm3.ts';
