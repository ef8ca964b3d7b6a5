import { randomUUID } from 'node:crypto';
import { reviewContent, type SignedDocument, signed } from '../clients/documents.ts';
import type { Answer } from '../clients/http.ts';
import { growingPause } from '../clients/pauses.ts';
import type { Scan } from '../clients/pharmacy.ts';
import { signatureImage } from '../clients/signature-image.ts';
import type { Person, Quote, Sale } from '../clients/types.ts';
import { checkAmounts } from './amounts.ts';
import { accepted, Surprise } from './outcome.ts';
import { type Issued, patientOf } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Basket, Counter, Visit } from './visit.ts';
import { eventually } from './wait.ts';

/** Why a pharmacist refuses in a play. */
export const REFUSAL = '用法用量需与医师确认';

const LOOK_AGAIN_MS = 20;
/** Longer than any restart of a part of the hub. */
const APPEARS_WITHIN_MS = 180_000;

export function basketOf({ lines }: Visit): Basket {
  return lines.map(({ packs, unitPrice, codes }, index) => ({ lineNo: index + 1, packs, unitPrice, codes }));
}

export function scanOf(basket: Basket): Scan {
  return basket.map(({ lineNo, codes }) => ({ lineNo, traceCodes: codes }));
}

/** The patient shows the card at a counter. Gives the grant. */
export async function arrive(scene: Scene, person: Person, { pharmacy }: Counter): Promise<string> {
  const credential = scene.identityAuthority.credential(person, pharmacy.record.institutionId, scene.now());
  return accepted('identity', await scene.pharmacy(pharmacy).checkIdentity(credential)).grantId;
}

/** Looks until the prescription is there; the time from the upload's answer is counted as `visible`. */
export async function find(scene: Scene, issued: Issued, { pharmacy }: Counter, grantId: string): Promise<void> {
  const end = performance.now() + APPEARS_WITHIN_MS;
  const pause = growingPause(LOOK_AGAIN_MS);
  for (;;) {
    const { prescriptions } = accepted('search', await scene.pharmacy(pharmacy).search(grantId));
    if (prescriptions.some(({ prescriptionId }) => prescriptionId === issued.prescriptionId)) break;
    if (performance.now() > end) throw new Surprise('search: the prescription never appeared');
    await pause();
  }
  scene.clocked('visible', performance.now() - issued.circulatingSince);
}

export async function lock(scene: Scene, issued: Issued, { pharmacy }: Counter, grantId: string): Promise<void> {
  accepted('lock', await scene.pharmacy(pharmacy).lock(issued.prescriptionId, grantId));
}

/** The patient shows the QR; what is still on its way to the counters is asked for again. */
export function lockByQr(
  scene: Scene,
  { prescriptionId, qr }: Issued,
  { pharmacy }: Counter,
  grantId: string,
): Promise<Answer<unknown>> {
  return eventually('lock', async () => {
    const answer = await scene.pharmacy(pharmacy).lock(prescriptionId, grantId, qr);
    const isUnknown = !answer.ok && answer.errors.every(({ code }) => code === 'PRESCRIPTION_NOT_FOUND');
    return isUnknown ? undefined : answer;
  });
}

export function pharmacistSigns(
  scene: Scene,
  issued: Issued,
  { pharmacist: { record, signer } }: Counter,
  opinion: 'APPROVED' | 'REFUSED' = 'APPROVED',
): SignedDocument {
  const content = reviewContent({
    prescriptionId: issued.prescriptionId,
    hiRxno: issued.hiRxno,
    prescriptionSm3: issued.documentSm3,
    reviewer: record.practitionerId,
    institutionId: record.institutionId,
    opinion,
    ...(opinion === 'REFUSED' ? { reason: REFUSAL } : {}),
    reviewedAt: scene.now(),
  });
  return signed(signer.privateKey, content);
}

/** The pharmacist reads the history and signs the review. */
export async function approve(scene: Scene, issued: Issued, counter: Counter, grantId: string): Promise<void> {
  const { practitionerId } = counter.pharmacist.record;
  const client = scene.pharmacy(counter.pharmacy);
  accepted('history', await client.history(issued.prescriptionId, grantId, practitionerId));
  const review = pharmacistSigns(scene, issued, counter);
  accepted('review', await client.review(issued.prescriptionId, practitionerId, review));
}

export function askQuote(
  scene: Scene,
  visit: Visit,
  issued: Issued,
  { pharmacy }: Counter,
  grantId: string,
  basket: Basket,
): Promise<Answer<Quote>> {
  return scene.pharmacy(pharmacy).quote(issued.prescriptionId, {
    grantId,
    category: visit.category,
    lines: basket.map(({ lineNo, packs, unitPrice }) => ({ lineNo, packs: String(packs), unitPrice })),
  });
}

export async function quote(
  scene: Scene,
  visit: Visit,
  issued: Issued,
  counter: Counter,
  grantId: string,
  basket: Basket,
): Promise<Quote> {
  const quoted = accepted('quote', await askQuote(scene, visit, issued, counter, grantId, basket));
  checkAmounts(scene.world, visit, basket, quoted.amounts);
  return quoted;
}

export function trySale(
  scene: Scene,
  issued: Issued,
  { pharmacy }: Counter,
  sale: { grantId: string; quoteToken: string; lines: Scan },
  key: string = randomUUID(),
): Promise<Answer<Sale>> {
  return scene.pharmacy(pharmacy).sell(issued.prescriptionId, sale, key);
}

/** Keeps a completed sale for the report. */
export function keep(scene: Scene, basket: Basket, sale: Sale): Sale {
  if (sale.state !== 'COMPLETED') throw new Surprise(`sale: ${sale.state}`);
  scene.sales.push({ sale, traceCodes: basket.flatMap(({ codes }) => codes) });
  return sale;
}

export function tryHandOver(
  scene: Scene,
  visit: Visit,
  { pharmacy }: Counter,
  grantId: string,
  { saleId, listSm3 }: Sale,
): Promise<Answer<{ state: string }>> {
  const image = Buffer.from(signatureImage(visit.number)).toString('base64');
  return scene.pharmacy(pharmacy).handOver(saleId, { grantId, signatureImage: image, listSm3 });
}

/** The patient signs the purchase list and takes the packs. */
export async function handOver(
  scene: Scene,
  visit: Visit,
  counter: Counter,
  grantId: string,
  sale: Sale,
): Promise<void> {
  const { state } = accepted('hand-over', await tryHandOver(scene, visit, counter, grantId, sale));
  if (state !== 'HANDED_OVER') throw new Surprise(`hand-over: ${state}`);
  scene.log.push('HANDED_OVER');
}

/** Bought, and still on the counter. */
export async function buyOnly(
  scene: Scene,
  visit: Visit,
  issued: Issued,
  counter: Counter,
  grantId: string,
  basket = basketOf(visit),
): Promise<Sale> {
  const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
  const request = { grantId, quoteToken, lines: scanOf(basket) };
  return keep(scene, basket, accepted('sale', await trySale(scene, issued, counter, request)));
}

/** From the scanned packs to the goods in the patient's hand. */
export async function buy(
  scene: Scene,
  visit: Visit,
  issued: Issued,
  counter: Counter,
  grantId: string,
  basket = basketOf(visit),
): Promise<Sale> {
  const { quoteToken } = await quote(scene, visit, issued, counter, grantId, basket);
  return buyAtQuote(scene, visit, issued, counter, grantId, basket, quoteToken);
}

export async function buyAtQuote(
  scene: Scene,
  visit: Visit,
  issued: Issued,
  counter: Counter,
  grantId: string,
  basket: Basket,
  quoteToken: string,
): Promise<Sale> {
  const request = { grantId, quoteToken, lines: scanOf(basket) };
  const sale = keep(scene, basket, accepted('sale', await trySale(scene, issued, counter, request)));
  await handOver(scene, visit, counter, grantId, sale);
  return sale;
}

/** The same with fewer packs of the first line, from the given one on. */
export function somePacks(basket: Basket, packs: number, from = 0): Basket {
  return basket.slice(0, 1).map((line) => ({ ...line, packs, codes: line.codes.slice(from, from + packs) }));
}

/** The patient comes to the counter and the prescription is taken and approved. Gives the grant. */
export async function takeIn(scene: Scene, visit: Visit, issued: Issued, counter = visit.counter): Promise<string> {
  const grantId = await arrive(scene, patientOf(visit), counter);
  await takeFor(scene, issued, counter, grantId);
  return grantId;
}

/** The prescription is found, taken and approved under this grant. */
export async function takeFor(scene: Scene, issued: Issued, counter: Counter, grantId: string): Promise<void> {
  await find(scene, issued, counter, grantId);
  await lock(scene, issued, counter, grantId);
  await approve(scene, issued, counter, grantId);
}

/** The whole way at a counter, for a prescription in circulation. */
export async function fill(scene: Scene, visit: Visit, issued: Issued, counter = visit.counter): Promise<Sale> {
  const grantId = await takeIn(scene, visit, issued, counter);
  return buy(scene, visit, issued, counter, grantId);
}
