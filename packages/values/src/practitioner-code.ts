const KINDS = { D: 'DOCTOR', HY: 'HOSPITAL_PHARMACIST', YS: 'RETAIL_PHARMACIST' } as const;

export type PractitionerCode = { kind: (typeof KINDS)[keyof typeof KINDS]; division: string; serial: string };

const LAYOUT = /^(D|HY|YS)(\d{6})(\d{6})$/;

/**
 * Insurance codes of practitioners: letters, division (6), serial (6), no check digit. Undefined for another shape.
 * D (physicians) and HY (pharmacists of designated hospitals, 医保办函〔2022〕39号) are the national layouts.
 * YS for pharmacists of retail pharmacies is this project's convention: no rule text for their code was found.
 */
export function parsePractitionerCode(text: string): PractitionerCode | undefined {
  const match = LAYOUT.exec(text);
  if (match === null) return undefined;
  const [, letters, division = '', serial = ''] = match;
  return { kind: KINDS[letters as keyof typeof KINDS], division, serial };
}
