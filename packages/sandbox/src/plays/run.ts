import type { Person } from '../world/persons.ts';
import type { Kind, Performance } from './kind.ts';
import { Surprise } from './outcome.ts';
import type { Scene, Stage } from './stage.ts';

export type CastPlay = { number: number; kind: string; performance: Performance };

export type Played = {
  play: number;
  kind: string;
  expected: string;
  got: string;
  wrong: boolean;
  sales: Scene['sales'];
};

/** Casts the whole programme before anything is played, so that the seed alone decides who plays with what. */
export function cast(kinds: readonly Kind[], director: Parameters<Kind['cast']>[0]): CastPlay[] {
  return kinds.map((kind, index) => ({ number: index + 1, kind: kind.name, performance: kind.cast(director) }));
}

type Watched = {
  /** False: the rest is not played. */
  mayBegin?(): boolean;
  /** Told how many are being played, whenever that changes. */
  onInFlight?(count: number): void;
};

/** Plays them in order, so many at once; a person is in one play at a time. */
export async function run(
  stage: Stage,
  plays: readonly CastPlay[],
  concurrency: number,
  onPlayed: (played: Played) => void,
  { mayBegin = () => true, onInFlight = () => {} }: Watched = {},
): Promise<void> {
  const last = new Map<Person, Promise<void>>();
  const queue = plays.values();
  let inFlight = 0;
  const counted = async (play: CastPlay): Promise<Played> => {
    onInFlight(++inFlight);
    return perform(stage, play).finally(() => onInFlight(--inFlight));
  };
  const worker = async (): Promise<void> => {
    for (const play of queue) {
      if (!mayBegin()) return;
      const before = play.performance.persons.map((person) => last.get(person));
      // Registered before waiting: whoever comes next waits for this one.
      const playing = Promise.all(before).then(async () => onPlayed(await counted(play)));
      for (const person of play.performance.persons) last.set(person, playing);
      await playing;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function perform(stage: Stage, { number, kind, performance }: CastPlay): Promise<Played> {
  const scene: Scene = { ...stage, log: [], sales: [] };
  await goesWell(scene, () => performance.act(scene));
  return outcomeOf(number, kind, performance.expected, scene);
}

/** Whether it went to its end; what stopped it stands in the log. */
export async function goesWell(scene: Scene, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    const { name, message } = error as Error;
    scene.log.push(error instanceof Surprise ? message : `${name}: ${message}`);
    return false;
  }
}

export function outcomeOf(
  play: number,
  kind: string,
  expectedLog: readonly string[],
  { log, sales }: Pick<Scene, 'log' | 'sales'>,
): Played {
  const [expected, got] = [expectedLog.join(' '), log.join(' ')];
  return { play, kind, expected, got, wrong: expected !== got, sales };
}
