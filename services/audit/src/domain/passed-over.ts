/** Numbers from `from` to `to`, both included. */
export type Range = { from: bigint; to: bigint };

/**
 * What a filter passed over: the numbers after `after` up to `through` that are not among those shown, as ranges in
 * order. Shown numbers and ranges together leave no gap, so that a reader can tell «nothing for me» from «lost».
 * `shown` is ascending and lies within the bounds.
 */
export function passedOver(after: bigint, through: bigint, shown: readonly bigint[]): Range[] {
  const ranges: Range[] = [];
  let next = after + 1n;
  for (const number of [...shown, through + 1n]) {
    if (next < number) ranges.push({ from: next, to: number - 1n });
    next = number + 1n;
  }
  return ranges;
}
