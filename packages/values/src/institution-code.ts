export type InstitutionCode = { kind: 'HOSPITAL' | 'PHARMACY'; division: string; serial: string };

const LAYOUT = /^([HP])(\d{6})(\d{5})$/;

/**
 * Designated institutions of the medical insurance: H (hospital) or P (pharmacy), division (6), serial (5).
 * There is no check digit. Undefined for another shape.
 * The division tells where the code was issued. Where the institution lies today is in the registry.
 */
export function parseInstitutionCode(text: string): InstitutionCode | undefined {
  const match = LAYOUT.exec(text);
  if (match === null) return undefined;
  const [, letter, division = '', serial = ''] = match;
  return { kind: letter === 'H' ? 'HOSPITAL' : 'PHARMACY', division, serial };
}
