import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../clients/http.ts';
import { growingPause } from '../clients/pauses.ts';
import { OUT_OF_SCOPE } from '../world/diagnoses.ts';
import { HUBEI, JILIN } from '../world/periods.ts';
import { Allotment } from './allotment.ts';
import { Director } from './director.ts';
import { Surprise } from './outcome.ts';
import { patientOf, precheck, prescribedIn } from './prescribe.ts';
import type { Scene, Stage } from './stage.ts';
import type { Visit } from './visit.ts';

const VISIBLE_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 250;
/** Longer than any restart of a part of the hub. */
const SETTLES_WITHIN_MS = 180_000;
const LOOK_CLOSELY_MS = 40;

/**
 * Reference data and stock reach the services one after the other. Asks, without leaving anything behind, until each of
 * them answers as one that knows the world.
 */
export async function waitUntilVisible(stage: Stage): Promise<void> {
  const { world } = stage;
  const scene: Scene = { ...stage, log: [], sales: [] };
  const director = new Director(world, new Allotment(world.pharmacies, {}), 'probe');
  const visits = ([HUBEI, JILIN] as const).map((province) => director.visit({ province, single: true }));
  for (const visit of visits) {
    // Refused for this one reason by whoever knows everything else.
    const wrong = () => ({ ...prescribedIn(scene, visit), diagnoses: [OUT_OF_SCOPE] });
    await until('the pre-check', () => precheck(scene, visit, wrong()), 'OFF_PAYMENT_SCOPE');
  }
  const admitted = world.pharmacies.filter((each) => each.admitted);
  for (const pharmacy of admitted) {
    const visit = visits.find(({ person }) => person.province === pharmacy.province);
    if (visit !== undefined)
      await until('the search', () => searchAt(scene, { ...visit, counter: director.at(pharmacy) }));
  }
  const [pharmacy] = admitted;
  const lastCode = world.notes
    .findLast(({ holderId }) => holderId === pharmacy?.record.institutionId)
    ?.traceCodes.at(-1);
  if (pharmacy !== undefined && lastCode !== undefined) {
    await until('the stock', () => stage.pharmacy(pharmacy).code(lastCode));
  }
}

async function searchAt(scene: Scene, { person, counter, ...visit }: Visit): Promise<Answer<unknown>> {
  const { pharmacy } = counter;
  const patient = patientOf({ person, counter, ...visit });
  const credential = scene.identityAuthority.credential(patient, pharmacy.record.institutionId, scene.now());
  const grant = await scene.pharmacy(pharmacy).checkIdentity(credential);
  return grant.ok ? scene.pharmacy(pharmacy).search(grant.body.grantId) : grant;
}

/** Looks until it is so; the hub's own way from one service to the next takes its time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + SETTLES_WITHIN_MS;
  const pause = growingPause(LOOK_CLOSELY_MS);
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Surprise(`${what}: never came true`);
    await pause();
  }
}

async function until(what: string, ask: () => Promise<Answer<unknown>>, code?: string): Promise<void> {
  const end = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    const answer = await ask();
    const got = answer.ok ? undefined : answer.errors.map((error) => error.code).join('+');
    if (got === code) return;
    if (Date.now() > end) throw new Error(`${what} still answers ${got ?? 'ok'}: the world has not arrived everywhere`);
    await sleep(LOOK_AGAIN_MS);
  }
}
