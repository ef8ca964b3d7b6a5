/** Order n of the base point of sm2p256v1 (GB/T 32918.5). */
export const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** The user id of the Z value when the parties agree on nothing else (GB/T 35276, GM/T 0009): 16 ASCII bytes. */
export const DEFAULT_USER_ID = '1234567812345678';

/** Unsigned big-endian number. */
export function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

/** 32 bytes, big-endian. */
export function toBytes32(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
