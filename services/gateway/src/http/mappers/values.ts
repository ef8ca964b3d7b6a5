import {
  formatDecimal,
  formatInstant,
  parseDecimal,
  parseInstant,
  QUANTITY_SCALE,
  UNIT_PRICE_SCALE,
} from '@erx/values';

// Texts of the REST API ↔ values of the contracts. The schema has checked the texts before.

export function toInstant(text: string): Date {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error('an instant passed the schema that is none');
  return instant;
}

/** Contracts may leave an instant out; where the API promises one, its absence is a mistake of the owner. */
export function fromInstant(instant: Date | undefined): string {
  if (instant === undefined) throw new Error('an answer lacks an instant');
  return formatInstant(instant);
}

/** An optional field of an answer: nothing when there is no instant. */
export function instantIf<N extends string>(name: N, instant: Date | undefined): { [key in N]?: string } {
  return instant === undefined ? {} : ({ [name]: formatInstant(instant) } as { [key in N]: string });
}

export const toPacks = (text: string): bigint => toUnits(text, QUANTITY_SCALE);
export const toUnitPrice = (text: string): bigint => toUnits(text, UNIT_PRICE_SCALE);
export const fromPacks = (quantity: bigint): string => formatDecimal(quantity, QUANTITY_SCALE);
export const fromUnitPrice = (price: bigint): string => formatDecimal(price, UNIT_PRICE_SCALE, 2);

/** A JSON number for a 64-bit integer. Throws rather than rounds. */
export function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('a figure is beyond what JSON numbers carry exactly');
  return number;
}

export const toBytes = (base64: string | undefined): Uint8Array => Buffer.from(base64 ?? '', 'base64');

function toUnits(text: string, scale: number): bigint {
  const value = parseDecimal(text, scale);
  if (value === undefined) throw new Error('a figure passed the schema that is none');
  return value;
}
