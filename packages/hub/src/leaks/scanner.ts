import { type Needle, type Pattern, patternsOf } from './needles.ts';

type Hit = Pick<Pattern, 'needle' | 'encoding'>;

/** Looks for all needles at once, in every encoding. */
export type Scanner = {
  /** What is in these bytes, each pattern once. */
  scan(bytes: Buffer): Hit[];
  /** Bytes of the longest pattern: a text cut into pieces needs so many of the piece before. */
  longest: number;
};

// Looked up first, so that nearly every place is passed by with one look.
const HEAD = 4;

export function createScanner(needles: readonly Needle[], more: readonly Pattern[] = []): Scanner {
  const patterns = [...needles.flatMap(patternsOf), ...more];
  const firstPairs = new Uint8Array(2 ** 16);
  const byHead = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    if (pattern.bytes.length < HEAD) throw new Error('a pattern is too short to be looked for');
    const head = pattern.bytes.readUInt32BE(0);
    firstPairs[head >>> 16] = 1;
    byHead.set(head, [...(byHead.get(head) ?? []), pattern]);
  }
  return {
    longest: Math.max(...patterns.map(({ bytes }) => bytes.length)),
    scan(bytes) {
      const hits = new Set<Pattern>();
      const last = bytes.length - HEAD;
      for (let at = 0; at <= last; at += 1) {
        if (firstPairs[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] === 0) continue;
        for (const pattern of byHead.get(bytes.readUInt32BE(at)) ?? []) {
          const end = at + pattern.bytes.length;
          if (end <= bytes.length && pattern.bytes.compare(bytes, at, end) === 0) hits.add(pattern);
        }
      }
      return [...hits];
    },
  };
}
