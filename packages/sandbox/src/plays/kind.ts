import type { Person } from '../world/persons.ts';
import type { Director } from './director.ts';
import type { Scene } from './stage.ts';

/** One kind of play: cast by the seed, with an outcome that is known beforehand. */
export type Kind = {
  name: string;
  /** Costly: at most one in a run. */
  once?: boolean;
  cast(director: Director): Performance;
};

export type Performance = {
  /** The log that the scene must have at the end: refusal codes and completed hand-overs, in order. */
  expected: readonly string[];
  /** Whose prescriptions it plays with: nobody plays in two performances at once. */
  persons: readonly Person[];
  act(scene: Scene): Promise<void>;
};
