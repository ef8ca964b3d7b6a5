/**
 * Keeps the `limit` most recently used values. `make` fills a gap; what it answers with undefined is not kept.
 * `release` is called for every value that leaves, so a value must not be used after the next call of `get`.
 */
export function boundedCache<V>(
  limit: number,
  make: (key: string) => V | undefined,
  release: (value: V) => void,
): (key: string) => V | undefined {
  // A Map iterates in order of insertion: the first entry is the one that was not used for longest.
  const entries = new Map<string, V>();

  return function get(key) {
    const known = entries.get(key);
    const value = known ?? make(key);
    if (value === undefined) return undefined;
    entries.delete(key);
    entries.set(key, value);
    if (entries.size > limit) {
      const [oldest] = entries;
      if (oldest !== undefined) {
        entries.delete(oldest[0]);
        release(oldest[1]);
      }
    }
    return value;
  };
}
