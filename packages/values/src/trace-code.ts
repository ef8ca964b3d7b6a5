/** `prefix` is the first seven digits: the product at one level of packaging. A drug can have several. */
export type TraceCode = { scheme: 'ECODE20'; prefix: string } | { malformed: true };

const ECODE20 = /^(\d{7})\d{13}$/;

/**
 * Reads a drug trace code of the dominant scheme (码上放心): 20 digits, of which 7 name the product, 9 are the serial
 * and 4 are set by the platform; their rule is not public, so a mistyped digit cannot be noticed here.
 * GS1 data carriers and manufacturers' own codes are lawful too (NMPAB/T 1002) and become further schemes later.
 */
export function parseTraceCode(text: string): TraceCode {
  const prefix = ECODE20.exec(text)?.[1];
  return prefix === undefined ? { malformed: true } : { scheme: 'ECODE20', prefix };
}
