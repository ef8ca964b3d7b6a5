export type DrugCode = {
  kind: 'WESTERN' | 'CHINESE_PATENT';
  /** Class of the national drug list, five characters. It changes between editions: never a key of the drug. */
  listClass: string;
  /** The characters between class and company: the product with its form, specification and pack. */
  product: string;
  /** Five digits. */
  company: string;
};

// X: class, name (letter + 3), dosage form (letter + 3), specification (2), pack (2), company: 23 characters.
const WESTERN = /^X([A-Z]\d{2}[A-Z]{2})([A-Z]\d{3}[A-Z]\d{3}\d{4})(\d{5})$/;
// Z: class, letter + 4, 4 digits, company: 20 characters.
const CHINESE_PATENT = /^Z([A-Z]\d{2}[A-Z]{2})([A-Z]\d{8})(\d{5})$/;

/**
 * National medical insurance drug code, western (X) or Chinese patent medicine (Z). No check digit exists; the
 * patterns hold for the 13,738 real codes they were compared with. Undefined for another shape, also for granules,
 * herbs and hospital preparations, which no dual-channel list carries.
 */
export function parseDrugCode(text: string): DrugCode | undefined {
  const western = WESTERN.exec(text);
  const match = western ?? CHINESE_PATENT.exec(text);
  if (match === null) return undefined;
  const [, listClass = '', product = '', company = ''] = match;
  return { kind: western === null ? 'CHINESE_PATENT' : 'WESTERN', listClass, product, company };
}
