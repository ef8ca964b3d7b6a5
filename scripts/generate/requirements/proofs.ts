import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { saysName } from './test-names.ts';

export type Result = { name: string; file: string; outcome: 'passed' | 'failed' | 'skipped' };

const ID = /^(?:(?:GJ|CX|HB|GX|JL)-A?\d[0-9a-z-]*|SM-\d+[abc]?|AS-\d\d)(?![0-9A-Za-z])/;
const SCENARIO_OR_MACHINE = /^(?:SM-(?:[1-6]|7[abc]?|8|9|1[0-2])|AS-(?:0[1-9]|1\d|20))$/;

/** The ids that a test's name starts with: `HB-24b, HB-28e …` has two. */
export function idsOf(name: string): string[] {
  const ids: string[] = [];
  let rest = name;
  for (let id = ID.exec(rest)?.[0]; id !== undefined; id = ID.exec(rest)?.[0]) {
    ids.push(id);
    rest = rest.slice(id.length).replace(/^[,\s/]+/, '');
  }
  return ids;
}

/** Id → passing tests. A name that failed or was skipped anywhere proves nothing. */
export function proofsOfRun(results: readonly Result[]): Map<string, string[]> {
  const void_ = new Set(results.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name));
  const proofs = new Map<string, Set<string>>();
  for (const { name, file } of results.filter((result) => !void_.has(result.name))) {
    for (const id of idsOf(name)) proofs.set(id, (proofs.get(id) ?? new Set()).add(`${name} (\`${file}\`)`));
  }
  return new Map([...proofs].map(([id, tests]) => [id, [...tests].sort()]));
}

/** Ids that neither a row nor a state machine or scenario of the requirements has. */
export function unknownIds(proofs: ReadonlyMap<string, unknown>, rows: readonly { id: string }[]): string[] {
  const known = new Set(rows.map(({ id }) => id));
  return [...proofs.keys()].filter((id) => !known.has(id) && !SCENARIO_OR_MACHINE.test(id)).sort();
}

/** Whether the test that a proof names can still be found in its file. */
export function isInSources(root: string, proof: string): boolean {
  const [, name, file] = /^(.*) \(`([^`]+)`\)$/.exec(proof) ?? [];
  if (name === undefined || file === undefined) return false;
  try {
    return saysName(readFileSync(join(root, file), 'utf8'), name);
  } catch {
    return false; // the file is gone
  }
}

export function idOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
