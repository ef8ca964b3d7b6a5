/** The one in a list that requirements 10.1 call by this name. */
export function fixtureOf<T extends { fixture: string }>(list: readonly T[], name: string): T {
  const found = list.find((entry) => entry.fixture === name);
  if (found === undefined) throw new RangeError(`no ${name} in this world`);
  return found;
}
