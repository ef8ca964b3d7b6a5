/** One comparison of the books: two figures that must agree, and the ids where they do not. */
export type Row = {
  zh: string;
  en: string;
  left: string;
  right: string;
  /** Empty when they agree. */
  wrong: string[];
};

/** The ids whose values differ, each with both values; an absent one reads `–`. */
export function differences<T>(
  left: ReadonlyMap<string, T>,
  right: ReadonlyMap<string, T>,
  show: (value: T) => string = String,
): string[] {
  const ids = [...new Set([...left.keys(), ...right.keys()])].sort();
  return ids.flatMap((id) => {
    const [a, b] = [shown(left.get(id), show), shown(right.get(id), show)];
    return a === b ? [] : [`${id}: ${a} ≠ ${b}`];
  });
}

function shown<T>(value: T | undefined, show: (value: T) => string): string {
  return value === undefined ? '–' : show(value);
}

export function sum(values: Iterable<bigint>): bigint {
  let all = 0n;
  for (const value of values) all += value;
  return all;
}

/** Values of equal keys added up. */
export function sumBy<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  amountOf: (item: T) => bigint,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const item of list) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0n) + amountOf(item));
  return sums;
}
