/**
 * The places where two JSON values differ, as JSON pointers (RFC 6901), in the order of `a`'s members; [] means equal.
 * The order of object members has no meaning, that of array elements has. A missing member differs from null.
 * Names the smallest differing parts: '' only when the two values themselves are of different kinds.
 */
export function differences(a: unknown, b: unknown): string[] {
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, index) => below(String(index), a, b)).flat();
  }
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => below(key, a, b));
  }
  return a === b ? [] : [''];
}

function below(key: string, a: object, b: object): string[] {
  const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  // Own members only: a member called "toString" or "__proto__" is data.
  if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return [pointer];
  return differences(a[key as keyof object], b[key as keyof object]).map((rest) => pointer + rest);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
