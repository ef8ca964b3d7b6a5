import { readTable } from './tables.ts';

export type Diagnosis = { code: string; name: string };

export const diagnoses: readonly Diagnosis[] = readTable<'code' | 'name'>('diagnoses');

/** One that the payment scope of no drug of the sandbox names. */
export const OUT_OF_SCOPE = diagnosisOf('E03.900');

export function diagnosisOf(code: string): Diagnosis {
  const diagnosis = diagnoses.find((entry) => entry.code === code);
  if (diagnosis === undefined) throw new RangeError(`no diagnosis ${code} in this world`);
  return diagnosis;
}
