import assert from 'node:assert/strict';
import { fill, prescribe, type Scene } from '@erx/sandbox';
import { booksOf } from './books-of.ts';
import { fixtureVisit } from './fixture-visit.ts';
import { startOwnEngines } from './own-engines.ts';
import { type SandboxInProcess, startSandboxInProcess } from './sandbox-in-process.ts';

const PLAYS = 3;

export type UnderTrouble = AsyncDisposable & {
  sandbox: SandboxInProcess;
  /**
   * Plays go on while something is the matter with the engines; when it no more is, each comes to its end, and nothing
   * was lost. `trouble` resolves when it is over; it is told how many 503 the players have had.
   */
  through(trouble: (refusals: () => number) => Promise<void>): Promise<void>;
};

/** A hub of its own on engines of its own, and clients as patient as real ones. */
export async function startUnderTrouble(): Promise<UnderTrouble> {
  await using stack = new AsyncDisposableStack();
  stack.use(await startOwnEngines());
  const sandbox = stack.use(await startSandboxInProcess('2025-06-06T09:00:00+08:00'));
  /** `Retry-After` of every 503. */
  let later: (string | null)[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (...request) => {
    const response = await fetch(...request);
    if (response.status === 503) later.push(response.headers.get('retry-after'));
    return response;
  };
  stack.defer(() => {
    globalThis.fetch = fetch;
  });
  let serial = 0;

  /** From the doctor to the packs in the patient's hand, however long it takes. */
  async function played(): Promise<Scene> {
    const scene = await sandbox.scene();
    serial += 1;
    const cast = { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy: 'P1', serials: [serial] };
    const visit = fixtureVisit(sandbox.world, cast);
    await fill.fill(scene, visit, await prescribe.prescribe(scene, visit));
    return scene;
  }

  async function through(trouble: (refusals: () => number) => Promise<void>): Promise<void> {
    later = [];
    const plays = Array.from({ length: PLAYS }, () => played());
    // Failures are looked at when all have ended.
    const ended = Promise.allSettled(plays);
    await trouble(() => later.length);
    for (const outcome of await ended) {
      assert.deepEqual(outcome.status === 'fulfilled' ? outcome.value.log : outcome.reason, ['HANDED_OVER']);
    }
    for (const seconds of later) assert.match(seconds ?? 'none', /^[1-9][0-9]*$/);
    const { balanced, lines } = await booksOf(sandbox.hub);
    assert.ok(balanced, lines.join('\n'));
  }

  const owned = stack.move();
  return { sandbox, through, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
