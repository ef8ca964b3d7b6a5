import { pick, type Random } from './random.ts';

type Tree = null | boolean | number | string | Tree[] | { [name: string]: Tree };

const texts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  'null',
  '\u0000',
  '\ud800',
  '处方\u202e\u0301'.repeat(40),
  '𠮷👩‍👩‍👧',
  "'; drop table prescription; --",
  '{{7*7}}%n%s',
  '../../etc/passwd',
  '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b',
  '2026-02-30T25:61:61+99:99',
  '9999-12-31T23:59:59.999999999-23:59',
  '99999999999999999999.9999',
  '1.5.5',
  '１２３',
  'A'.repeat(10_000),
];

const hostile: readonly ((random: Random) => Tree)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0.1,
  () => 1e308,
  () => 2 ** 53,
  () => -(2 ** 63),
  () => [],
  () => ({}),
  () => [[[[]]]],
  () => ({ constructor: 1, toString: null, length: -1 }),
  (random) => pick(texts, random),
  (random) => pick(texts, random),
  (random) => pick(texts, random),
  (random) => Array.from({ length: 2_001 }, () => pick(texts.slice(0, 6), random)),
  () => deep(40),
  (random) => (random(20) === 0 ? 'x'.repeat(600_000) : 'x'.repeat(2_000)),
];

export const nonsense = (random: Random): Tree => pick(hostile, random)(random);
export const nonsenseText = (random: Random): string => pick(texts, random);

/** The same value with one place, wherever it is, made wrong: replaced, left out, doubled or with an unknown neighbour. */
export function spoil(value: Tree, random: Random): Tree {
  const isTree = typeof value === 'object' && value !== null;
  if (!isTree || random(6) === 0) return nonsense(random);
  if (Array.isArray(value)) {
    if (value.length === 0 || random(4) === 0) return [...value, nonsense(random)];
    const at = random(value.length);
    return value.map((member, index) => (index === at ? spoil(member, random) : member));
  }
  const names = Object.keys(value);
  if (names.length === 0 || random(8) === 0) return { ...value, [`x${random(9)}`]: nonsense(random) };
  const name = pick(names, random);
  const { [name]: member = null, ...rest } = value;
  return random(5) === 0 ? rest : { ...value, [name]: spoil(member, random) };
}

function deep(levels: number): Tree {
  let value: Tree = 0;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}

export type { Tree };
