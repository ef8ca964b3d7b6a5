import type { Answer } from '../clients/http.ts';
import type { Scene } from './stage.ts';

/** The hub did something else than the play knows it must: the play ends, wrong. */
export class Surprise extends Error {}

export function accepted<T>(step: string, answer: Answer<T>): T {
  if (answer.ok) return answer.body;
  throw new Surprise(`${step}: ${codes(answer)}`);
}

/** The refusal that has to come, with all its codes and no others; it goes to the log. */
export function refused(scene: Scene, step: string, answer: Answer<unknown>, ...expected: string[]): void {
  const got = answer.ok ? `${answer.status}` : codes(answer);
  const want = expected.sort().join('+');
  if (got !== want) throw new Surprise(`${step}: ${got} instead of ${want}`);
  scene.log.push(want);
}

function codes(answer: Answer<unknown> & { ok: false }): string {
  return [...new Set(answer.errors.map(({ code }) => code))].sort().join('+');
}
