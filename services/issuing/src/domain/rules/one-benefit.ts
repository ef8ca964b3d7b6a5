import { type Refusal, refusal } from '@erx/errors';
import { categoryOf } from '../class-rules.ts';
import { listedLines, type PrecheckFacts } from '../precheck-facts.ts';

/**
 * HB-38a: one benefit per prescription. HB-34a, HB-35, HB-38b: it comes under the medical category of that benefit. Where
 * benefits are mixed no category is right, so only the mixture is refused.
 */
export function oneBenefit(facts: PrecheckFacts): Refusal[] {
  const { category, profile } = facts;
  const { values } = profile;
  const byCategory = Map.groupBy(listedLines(facts), ({ entry }) => categoryOf(values, entry.drugClass));
  if (byCategory.size > 1 && values.separateRxPerBenefit) {
    const figures = [...byCategory].map(([benefit, lines]) => [
      benefit,
      lines.map(({ drugCode }) => drugCode).join(' '),
    ]);
    return [refusal('MIXED_BENEFIT_PRESCRIPTION', Object.fromEntries(figures), '/lines')];
  }
  if (byCategory.size === 0 || byCategory.has(category)) return [];
  const required = [...byCategory.keys()].join(' ');
  const separate = values.spdMedicalCategory !== null && byCategory.has(values.spdMedicalCategory);
  const code = separate ? 'MED_CATEGORY_REQUIRED_110202' : 'MED_CATEGORY_MISMATCH';
  return [refusal(code, { category, required }, '/category')];
}
