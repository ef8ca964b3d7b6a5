// A pharmacy's counter: the calls of one visit, as the gateway passes them on.
import { randomUUID } from 'node:crypto';
import type { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import type { SealedAgent } from '@erx/proto/verification/v1/verification_service';
import { actorOf, type CallContext } from '@erx/rpc';
import { answered, type TestDispensing } from './support.ts';
import { P1, YS1 } from './world.ts';

const PRICE = 5_580_000_000n;
let packages = 0;

/** A package that nobody has scanned before. */
export function newPackage(): string {
  packages += 1;
  return `8100001${String(packages).padStart(13, '0')}`;
}

export function openCounter(
  hub: Pick<TestDispensing, 'client' | 'peers'>,
  issued: PrescriptionCirculating,
  { pharmacyId = P1.institutionId, pharmacistId = YS1 } = {},
) {
  const { client, peers } = hub;
  const { prescriptionId } = issued;
  const personId = issued.patient?.personId ?? '';
  const grantFor = (person: string, purpose = 'DISPENSE', agent?: SealedAgent): string => {
    const grantId = randomUUID();
    peers.grants.set(grantId, { personId: person, institutionId: pharmacyId, purpose, ...(agent && { agent }) });
    return grantId;
  };
  const grantId = grantFor(personId);
  const by = (operator: string, key: string = randomUUID(), hash = key): CallContext => {
    const actor = actorOf({ clientId: `c-${pharmacyId}`, role: 'PHARMACY', institutionId: pharmacyId, operator });
    return { actor, request: { clientId: actor.clientId, key, hash }, deadlineMs: 30_000 };
  };
  const till = (key?: string, hash?: string) => by('till-1', key, hash);
  const counter = {
    grantId,
    grantFor,
    till,
    by,
    find: (qr = '', grant = grantId) => client.find({ grantId: grant, qr }, till()),
    lock: (context = till(), grant = grantId, qr = '') => client.lock({ grantId: grant, prescriptionId, qr }, context),
    release: (context = till()) => client.releaseLock({ prescriptionId, reason: '参保人另选药店' }, context),
    history: (operator = pharmacistId, grant = grantId) =>
      client.viewHistory({ grantId: grant, prescriptionId }, by(operator)),
    review: (opinion = 'APPROVED', signature = 'good', signer = pharmacistId) =>
      client.review(
        { prescriptionId, pharmacistId: signer, document: new Uint8Array(Buffer.from(opinion)), signature },
        by(signer),
      ),
    quote: (packs = 2n, unitPrice = PRICE, grant = grantId, lineNo = 1) =>
      client.quote(
        {
          grantId: grant,
          prescriptionId,
          category: '110202',
          lines: [{ lineNo, quantity: packs * 10_000n, unitPrice }],
        },
        till(),
      ),
    sell: (quoteToken: string, traceCodes: string[], context = till(), grant = grantId) =>
      client.sell({ grantId: grant, prescriptionId, quoteToken, lines: [{ lineNo: 1, traceCodes }] }, context),
    handOver: (
      sale: { saleId: string; listSm3: string },
      change: Partial<Parameters<typeof client.handOver>[0]> = {},
      context = till(),
    ) =>
      client.handOver(
        {
          grantId,
          saleId: sale.saleId,
          signatureSealed: new Uint8Array([7]),
          signaturePersonId: personId,
          listSm3: sale.listSm3,
          ...change,
        },
        context,
      ),
    reverse: (saleId: string, leftCounter: string[] = [], context = till(), reason = '药品规格扫错') =>
      client.reverseSale({ saleId, reason, leftCounter }, context),
    /** Taken, history read, approved. */
    async approve() {
      answered(await counter.lock());
      answered(await counter.history());
      answered(await counter.review());
    },
    async buy(packs = 2n, codes = Array.from({ length: Number(packs) }, newPackage)) {
      const { quoteToken } = answered(await counter.quote(packs));
      return answered(await counter.sell(quoteToken, codes));
    },
  };
  return counter;
}
