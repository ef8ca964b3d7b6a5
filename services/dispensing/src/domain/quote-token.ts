// The pharmacy's quote token = what was quoted + '.' + settlement's own token. A sale names only packs, so it is here that
// the quoted quantities and prices come back from. Nothing rests on this half: settlement's MAC covers the same basis,
// and a changed half no longer fits it.

export type QuotedLine = { lineNo: number; quantity: bigint; unitPrice: bigint };

export type Quoted = {
  prescriptionId: string;
  pharmacyId: string;
  category: string;
  lines: readonly QuotedLine[];
  expiresAt: Date;
};

export type OpenedQuote = { quoted: Quoted; settlementToken: string };

const SHAPE = /^([A-Za-z0-9_-]{1,16384})\.([\x21-\x7e]{1,16384})$/;
const DIGITS = /^\d{1,18}$/;

export function wrapQuote({ prescriptionId, pharmacyId, category, lines, expiresAt }: Quoted, token: string): string {
  const content = [
    prescriptionId,
    pharmacyId,
    category,
    expiresAt.getTime(),
    lines.map(({ lineNo, quantity, unitPrice }) => [lineNo, quantity.toString(), unitPrice.toString()]),
  ];
  return `${Buffer.from(JSON.stringify(content)).toString('base64url')}.${token}`;
}

/** Undefined for a text that cannot have come from `wrapQuote`. */
export function openQuote(text: string): OpenedQuote | undefined {
  const [, content = '', settlementToken = ''] = SHAPE.exec(text) ?? [];
  const quoted = parse(Buffer.from(content, 'base64url').toString());
  return quoted === undefined ? undefined : { quoted, settlementToken };
}

function parse(text: string): Quoted | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(content)) return undefined;
  const [prescriptionId, pharmacyId, category, expiresAt, list] = content as unknown[];
  if (![prescriptionId, pharmacyId, category].every((each) => typeof each === 'string')) return undefined;
  if (!isInstant(expiresAt) || !Array.isArray(list)) return undefined;
  const lines = list.map(parseLine);
  if (!lines.every((line) => line !== undefined)) return undefined;
  return {
    prescriptionId: prescriptionId as string,
    pharmacyId: pharmacyId as string,
    category: category as string,
    expiresAt: new Date(expiresAt),
    lines,
  };
}

/** End of the year 9999, in milliseconds: later instants have no date that everybody reads. */
const LATEST = 253_402_300_799_999;

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LATEST;
}

function parseLine(line: unknown): QuotedLine | undefined {
  if (!Array.isArray(line)) return undefined;
  const [lineNo, quantity, unitPrice] = line as unknown[];
  if (!Number.isInteger(lineNo) || Math.abs(lineNo as number) > 0x7fffffff) return undefined;
  if (![quantity, unitPrice].every((each) => typeof each === 'string' && DIGITS.test(each))) return undefined;
  return { lineNo: lineNo as number, quantity: BigInt(quantity as string), unitPrice: BigInt(unitPrice as string) };
}
