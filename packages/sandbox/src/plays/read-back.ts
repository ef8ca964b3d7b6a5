import { growingPause } from '../clients/pauses.ts';
import { accepted, Surprise } from './outcome.ts';
import type { Issued } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

/** SM-4, as the hospital has to see it after the whole way. */
const WAY = ['PRECHECKED', 'SIGNED', 'REVIEWED', 'CONSENTED', 'CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED'] as const;
const END = 'HANDED_OVER';
const LOOK_AGAIN_MS = 40;
/** Longer than any restart of a part of the hub. */
const ARRIVES_WITHIN_MS = 180_000;

/** The hospital reads what became of its prescription: every step, in order, with its actor. */
export async function readBack(scene: Scene, visit: Visit, { prescriptionId }: Issued): Promise<void> {
  const began = performance.now();
  const pause = growingPause(LOOK_AGAIN_MS);
  const { practitionerId } = visit.doctor.record;
  for (;;) {
    const { steps } = accepted('read-back', await scene.hospital(visit.hospital).read(prescriptionId, practitionerId));
    const names = steps.map(({ name }) => name);
    if (names.includes(END)) {
      const missing = missingInOrder(names, [...WAY, END]);
      if (missing !== undefined) throw new Surprise(`read-back: ${missing} is not in its place in ${names.join(' ')}`);
      const nobody = steps.find(({ actor }) => actor.role === '');
      if (nobody !== undefined) throw new Surprise(`read-back: ${nobody.name} has no actor`);
      break;
    }
    if (performance.now() > began + ARRIVES_WITHIN_MS) throw new Surprise(`read-back: only ${names.join(' ')}`);
    await pause();
  }
  scene.clocked('read-back-complete', performance.now() - began);
}

function missingInOrder(names: readonly string[], wanted: readonly string[]): string | undefined {
  let place = 0;
  for (const name of wanted) {
    const found = names.indexOf(name, place);
    if (found < 0) return name;
    place = found + 1;
  }
  return undefined;
}
