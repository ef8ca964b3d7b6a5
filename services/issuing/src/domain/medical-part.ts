import { differences, formatDecimal, parseDecimal, parseInstant, QUANTITY_SCALE } from '@erx/values';

export const DOCUMENT_SCHEMA = 'erx.prescription.v1';

/** The signed document without the patient, as JSON. Instants are RFC 3339 in UTC, quantities the shortest decimal text. */
export type MedicalPart = {
  schema: typeof DOCUMENT_SCHEMA;
  prescriptionId: string;
  hiRxno: string;
  rxTraceCode: string;
  hospitalId: string;
  doctorId: string;
  category: string;
  prescribedAt: string;
  validUntil: string;
  diagnoses: { code: string; name: string }[];
  lines: {
    lineNo: number;
    drugCode: string;
    genericName: string;
    specification: string;
    quantity: string;
    days: number;
    usage: string;
  }[];
};

const MEMBERS = new Set([
  'schema',
  'prescriptionId',
  'hiRxno',
  'rxTraceCode',
  'hospitalId',
  'doctorId',
  'category',
  'prescribedAt',
  'validUntil',
  'diagnoses',
  'code',
  'name',
  'lines',
  'lineNo',
  'drugCode',
  'genericName',
  'specification',
  'quantity',
  'days',
  'usage',
]);
const SHOWN = 20;

/**
 * CX-28c: JSON pointers of what a signed document says otherwise than the pre-check, at most 20. Compared by value: another
 * offset of the same instant or `1.0` for `1` is no difference. A member that the schema does not know is shown as the place it
 * stands in, because its name is the sender's text.
 */
export function alterations(expected: MedicalPart, offered: unknown): string[] {
  const pointers = differences(expected, canonical(offered)).map(known);
  return [...new Set(pointers)].slice(0, SHOWN);
}

/** A document's bytes as JSON; undefined when they are none, which then differs from everything. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

export function quantityText(quantity: bigint): string {
  return formatDecimal(quantity, QUANTITY_SCALE);
}

function canonical(offered: unknown): unknown {
  if (!isObject(offered)) return offered;
  const { prescribedAt, validUntil, lines } = offered;
  return {
    ...offered,
    ...(prescribedAt === undefined ? {} : { prescribedAt: canonicalInstant(prescribedAt) }),
    ...(validUntil === undefined ? {} : { validUntil: canonicalInstant(validUntil) }),
    ...(Array.isArray(lines) ? { lines: lines.map(canonicalLine) } : {}),
  };
}

function canonicalLine(line: unknown): unknown {
  if (!isObject(line) || typeof line['quantity'] !== 'string') return line;
  const quantity = parseDecimal(line['quantity'], QUANTITY_SCALE);
  return quantity === undefined ? line : { ...line, quantity: quantityText(quantity) };
}

function canonicalInstant(text: unknown): unknown {
  return typeof text === 'string' ? (parseInstant(text)?.toISOString() ?? text) : text;
}

function known(pointer: string): string {
  const segments = pointer.split('/');
  const foreign = segments.findIndex(
    (segment, index) => index > 0 && !MEMBERS.has(segment) && !/^\d{1,3}$/.test(segment),
  );
  return foreign < 0 ? pointer : segments.slice(0, foreign).join('/');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
