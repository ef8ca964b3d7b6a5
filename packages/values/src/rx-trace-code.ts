import { BASE32, base32OfLeadingBits, base32OfLowBits } from './base32.ts';
import { checkCharacter } from './iso7064.ts';

const RANDOM_CHARACTERS = 19;
const CODE_LENGTH = RANDOM_CHARACTERS + 1;
const MAC_LENGTH = 7;
const CODE = new RegExp(`^[${BASE32}]{${CODE_LENGTH}}$`);
const MAC = new RegExp(`^[${BASE32}]{${MAC_LENGTH}}$`);

/**
 * The prescription trace code rxTraceCode: 19 random base-32 characters (95 bits) and the check character of
 * ISO 7064 hybrid MOD 33,32. `random(n)` gives n uniform bytes.
 */
export function makeRxTraceCode(random: (n: number) => Uint8Array): string {
  const body = base32OfLowBits(random(RANDOM_CHARACTERS));
  return body + checkCharacter(body, BASE32);
}

/** True when the text has the shape of a trace code and its check character is right. */
export function isRxTraceCode(text: string): boolean {
  return CODE.test(text) && checkCharacter(text.slice(0, -1), BASE32) === text.at(-1);
}

/**
 * The text of the QR code: the trace code and the first 35 bits of a message authentication code over it, as 7
 * characters. The number alone opens nothing; who holds the QR has proof. Throws RangeError for a wrong trace
 * code or a MAC shorter than 5 bytes.
 */
export function rxQr(traceCode: string, mac: Uint8Array): string {
  if (!isRxTraceCode(traceCode)) throw new RangeError('not a prescription trace code');
  return traceCode + base32OfLeadingBits(mac, MAC_LENGTH);
}

/**
 * Takes a scanned QR text apart; undefined when it is none. `mac` is unchecked: compute `rxQr` anew with the key's
 * MAC and compare in constant time.
 */
export function splitRxQr(text: string): { rxTraceCode: string; mac: string } | undefined {
  const rxTraceCode = text.slice(0, CODE_LENGTH);
  const mac = text.slice(CODE_LENGTH);
  return isRxTraceCode(rxTraceCode) && MAC.test(mac) ? { rxTraceCode, mac } : undefined;
}
