import { type Kind, kinds, type Search } from './places.ts';
import { isLawful } from './secret-patterns.ts';

export type Verdict = { passed: boolean; lines: string[] };

const SHOWN = 20;

/**
 * Passed: all texts of the planted person were found in every kind of place, and nothing of anybody else anywhere. The last
 * line says it in short.
 */
export function judge(search: Search, plantedLabels: readonly string[], persons: number): Verdict {
  const isPlanted = ({ label }: { label: string }): boolean => plantedLabels.includes(label);
  const blind = kinds.filter((kind) => !plantedLabels.every((label) => finds(search, kind, label)));
  const leaks = search.findings.filter((finding) => !isPlanted(finding) && !isLawful(finding));
  // They lie where they belong: a search that did not see them there would see them nowhere.
  const seesSecrets = search.findings.some(isLawful);
  const megabytes = Math.round(search.bytes / 1_000_000);
  const lines = kinds.map((kind) => {
    const places = new Set(search.findings.filter((it) => it.kind === kind && isPlanted(it)).map(({ place }) => place));
    return `${blind.includes(kind) ? '✗' : '·'} ${kind}: planted texts found in ${places.size} places`;
  });
  for (const { kind, place, label, encoding } of leaks.slice(0, SHOWN)) {
    lines.push(`✗ ${kind}, ${place}: ${label} as ${encoding}`);
  }
  if (leaks.length > SHOWN) lines.push(`✗ and ${leaks.length - SHOWN} more`);
  const searched = `${megabytes} MB in ${kinds.length} kinds of places`;
  if (leaks.length > 0)
    lines.push(`✗ 个人信息泄露 · personal data of the sandbox or a secret of the hub was found in ${searched}`);
  else if (blind.length > 0) lines.push(`✗ the search is blind: planted texts were not found in ${blind.join(', ')}`);
  else if (!seesSecrets)
    lines.push('✗ the search is blind: not even where they belong were the secrets of the hub found');
  else lines.push(`✓ 未发现个人信息与密钥泄露 · no secret and nothing personal of ${persons} persons in ${searched}`);
  return { passed: leaks.length === 0 && blind.length === 0 && seesSecrets, lines };
}

function finds(search: Search, kind: Kind, label: string): boolean {
  return search.findings.some((finding) => finding.kind === kind && finding.label === label);
}
