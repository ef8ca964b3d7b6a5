import { createHash } from 'node:crypto';

const RANGE = 2n ** 256n;

/** A digest of a set that changes: the sum of the hashes of its members, in whichever order they came and went. */
export class SetDigest {
  #sum = 0n;

  add(member: Uint8Array): void {
    this.#sum = (this.#sum + hashOf(member)) % RANGE;
  }

  remove(member: Uint8Array): void {
    this.#sum = (this.#sum + RANGE - hashOf(member)) % RANGE;
  }

  toString(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }
}

function hashOf(member: Uint8Array): bigint {
  return BigInt(`0x${createHash('sha256').update(member).digest('hex')}`);
}
