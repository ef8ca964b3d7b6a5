import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  arrive,
  askQuote,
  basketOf,
  buyOnly,
  find,
  handOver,
  keep,
  lockByQr,
  quote,
  scanOf,
  somePacks,
  takeIn,
  trySale,
} from './fill.ts';
import { hospitalSees, isOver, withdraw } from './hospital-view.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { type Issued, patientOf, prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

const REASON = '医师撤回处方';

/** The hospital takes the unsold rest back at once. */
async function withdrawn(scene: Scene, visit: Visit, issued: Issued): Promise<void> {
  const status = await withdraw(scene, visit, issued, REASON);
  if (status !== 'WITHDRAWN') throw new Surprise(`withdraw: ${status}`);
  scene.log.push(status);
}

/** The patient comes with the QR, and the counter hears that the prescription is withdrawn, and why. */
async function nobodyGetsIt(scene: Scene, visit: Visit, issued: Issued): Promise<void> {
  const grantId = await arrive(scene, patientOf(visit), visit.counter);
  const answer = await lockByQr(scene, issued, visit.counter, grantId);
  refused(scene, 'lock', answer, 'PRESCRIPTION_WITHDRAWN');
  if (!answer.ok && answer.errors[0]?.detail?.['reason'] !== REASON) throw new Surprise('lock: the reason is not told');
  await isOver(scene, visit, issued, 'WITHDRAWN');
}

function withdrawal(
  name: string,
  expected: readonly string[],
  act: (scene: Scene, visit: Visit) => Promise<void>,
): Kind {
  return {
    name,
    cast(director) {
      const visit = director.visit({ packs: 2, single: true });
      return { expected, persons: [visit.person], act: (scene) => act(scene, visit) };
    },
  };
}

export const withdrawnBeforeLock = withdrawal(
  'withdrawn-before-lock',
  ['WITHDRAWN', 'PRESCRIPTION_WITHDRAWN'],
  async (scene, visit) => {
    const issued = await prescribe(scene, visit);
    await find(scene, issued, visit.counter, await arrive(scene, patientOf(visit), visit.counter));
    await withdrawn(scene, visit, issued);
    await nobodyGetsIt(scene, visit, issued);
  },
);

/** Withdrawn while it is on its way: it is never seen open at a counter. */
export const withdrawnBeforeArrival = withdrawal(
  'withdrawn-before-arrival',
  ['WITHDRAWN', 'PRESCRIPTION_WITHDRAWN'],
  async (scene, visit) => {
    const issued = await prescribe(scene, visit);
    await withdrawn(scene, visit, issued);
    await nobodyGetsIt(scene, visit, issued);
  },
);

/** The pharmacy that has taken it is told at its next step. */
export const withdrawnDuringLock = withdrawal(
  'withdrawn-during-lock',
  ['WITHDRAWN', 'PRESCRIPTION_WITHDRAWN', 'PRESCRIPTION_WITHDRAWN'],
  async (scene, visit) => {
    const { counter } = visit;
    const issued = await prescribe(scene, visit);
    const grantId = await takeIn(scene, visit, issued);
    await withdrawn(scene, visit, issued);
    const answer = await askQuote(scene, visit, issued, counter, grantId, basketOf(visit));
    refused(scene, 'quote', answer, 'PRESCRIPTION_WITHDRAWN');
    await nobodyGetsIt(scene, visit, issued);
  },
);

/** A sale that has begun goes through; the withdrawal waits for its end and takes the rest. */
export const withdrawnDuringSale = withdrawal(
  'withdrawn-during-sale',
  ['WITHDRAWN', 'HANDED_OVER', 'PRESCRIPTION_WITHDRAWN'],
  async (scene, visit) => {
    const { counter } = visit;
    const issued = await prescribe(scene, visit);
    const grantId = await takeIn(scene, visit, issued);
    const basket = somePacks(basketOf(visit), 1);
    const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
    const key = randomUUID();
    const request = { grantId, quoteToken, lines: scanOf(basket) };
    const selling = trySale(scene, issued, counter, request, key);
    await begun(scene, visit, key, selling);
    await withdraw(scene, visit, issued, REASON);
    scene.log.push('WITHDRAWN');
    const sale = keep(scene, basket, accepted('sale', await selling));
    await handOver(scene, visit, counter, grantId, sale);
    await nobodyGetsIt(scene, visit, issued);
  },
);

/** Returns as soon as the hub knows of the sale. */
async function begun(scene: Scene, { counter }: Visit, key: string, selling: Promise<unknown>): Promise<void> {
  let over = false;
  const end = () => {
    over = true;
  };
  selling.then(end, end);
  while (!over) {
    const outcome = accepted('request-outcome', await scene.pharmacy(counter.pharmacy).request(key));
    if (outcome.state !== 'NONE') return;
    await nextTurn();
  }
}

/** What was sold stays sold, and is handed over; the rest is gone. */
export const withdrawnAfterPart = withdrawal(
  'withdrawn-after-part',
  ['WITHDRAWN', 'HANDED_OVER', 'PRESCRIPTION_WITHDRAWN'],
  async (scene, visit) => {
    const { counter } = visit;
    const issued = await prescribe(scene, visit);
    const grantId = await takeIn(scene, visit, issued);
    const sale = await buyOnly(scene, visit, issued, counter, grantId, somePacks(basketOf(visit), 1));
    await withdrawn(scene, visit, issued);
    await handOver(scene, visit, counter, grantId, sale);
    await nobodyGetsIt(scene, visit, issued);
    await hospitalSees(scene, visit, issued, 'the sold part', ({ fills }) =>
      fills.some(({ saleId, state }) => saleId === sale.saleId && state === 'HANDED_OVER'),
    );
  },
);
