import { formatInstant } from '@erx/values';
import type { AuthorityClient } from '../clients/authority.ts';
import type { Person } from '../world/persons.ts';
import type { Director } from './director.ts';
import { accepted } from './outcome.ts';
import { goesWell, outcomeOf, type Played } from './run.ts';
import type { Scene, Stage } from './stage.ts';

/** Something that happens when the business clock stands so many milliseconds after the beginning of the last act. */
type Step = { after: number; act(scene: Scene, authority: AuthorityClient): Promise<void> };

/** A play of the last act: it needs the clock, or a change of the reference data that nobody else may meet. */
export type ClockKind = {
  name: string;
  cast(director: Director): { expected: readonly string[]; persons: readonly Person[]; steps: readonly Step[] };
};

type Part = { number: number; kind: string; performance: ReturnType<ClockKind['cast']> };

/** A person is in one play only here, so that all of them can go side by side. */
export function castLastAct(kinds: readonly ClockKind[], director: Director, first: number): Part[] {
  return kinds.map((kind, index) => ({ number: first + index, kind: kind.name, performance: kind.cast(director) }));
}

/**
 * Plays them side by side, moving the clock from one instant to the next. `openStageNow`: the stage by the business time
 * of now.
 */
export async function playLastAct(
  openStageNow: () => Promise<Stage>,
  authority: AuthorityClient,
  parts: readonly Part[],
  onPlayed: (played: Played) => void,
): Promise<void> {
  const began = (await openStageNow()).now().getTime();
  const instants = [...new Set(parts.flatMap(({ performance }) => performance.steps.map(({ after }) => after)))];
  const scenes = parts.map(() => ({ log: [] as string[], sales: [] as Scene['sales'], over: false }));
  for (const after of instants.toSorted((a, b) => a - b)) {
    if (after > 0) accepted('clock', await authority.setClock(formatInstant(new Date(began + after))));
    const stage = await openStageNow();
    await Promise.all(
      parts.map(async ({ performance }, index) => {
        const kept = scenes[index];
        if (kept === undefined || kept.over) return;
        const scene: Scene = { ...stage, log: kept.log, sales: kept.sales };
        for (const step of performance.steps.filter((each) => each.after === after)) {
          kept.over = !(await goesWell(scene, () => step.act(scene, authority)));
          if (kept.over) return;
        }
      }),
    );
  }
  for (const [index, { number, kind, performance }] of parts.entries()) {
    const kept = scenes[index];
    if (kept !== undefined) onPlayed(outcomeOf(number, kind, performance.expected, kept));
  }
}
