import { type Refusal, refusal } from '@erx/errors';
import { WHOLE } from '@erx/values';
import type { PrecheckFacts } from '../precheck-facts.ts';

/**
 * CX-21e, CX-27b: no line is for more days than the profile allows. Whether so many units fit so many days depends on the
 * dose, which is not data yet: packs and units are shown for a person to judge.
 */
export function quantityAndDays({ lines, longPrescription, profile }: PrecheckFacts): Refusal[] {
  const { longRxMaxDays, normalRxMaxDays } = profile.values;
  const maxDays = longPrescription ? longRxMaxDays : normalRxMaxDays;
  return lines.flatMap(({ drugCode, days, quantity, drug, pointer }) => {
    if (days <= maxDays) return [];
    const packs = quantity / WHOLE;
    const units = drug === undefined ? {} : { units: String(packs * BigInt(drug.unitsPerPack)) };
    const figures = { drugCode, days: String(days), maxDays: String(maxDays), packs: String(packs), ...units };
    return [refusal('QTY_OVER_LIMIT', figures, `${pointer}/days`)];
  });
}
