import { consumers, type Topic, topics } from '@erx/proto/topics';
import { perService, type ServiceName } from '../../services.ts';
import type { Ledgers } from '../read/ledgers.ts';
import type { Traffic } from '../read/traffic.ts';
import type { SaleAnswer } from './answers.ts';

const id = (kind: number, n: number): string => `0000000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const [prescription, sale, abandoned, reversed] = [id(1, 1), id(2, 1), id(2, 2), id(2, 3)];
const [settlementId, reversedSettlement] = [id(3, 1), id(3, 3)];
const codes = ['81000010000000000001', '81000010000000000002'] as const;

/** Two of three packs of one prescription were sold, a sale was given up, another taken back, and everything agrees. */
export function balanced(): Ledgers {
  const amounts = { total: 1_116_000n, basic: 803_520n, serious: 0n, aid: 0n, patient: 312_480n };
  return {
    registry: { persons: 1, aggregates: { DRUG: 1 } },
    verification: { checks: { DISPENSING: 1 }, keys: 1, unreadable: [] },
    gateway: { clients: { PHARMACY: 1 } },
    issuing: {
      statuses: { CIRCULATING: 1n },
      uploaded: [{ prescriptionId: prescription, lineNo: 1, drugCode: 'd', quantity: 30_000n, status: 'CIRCULATING' }],
    },
    dispensing: {
      lines: [
        {
          prescriptionId: prescription,
          lineNo: 1,
          prescribed: 30_000n,
          open: 10_000n,
          held: 0n,
          sold: 20_000n,
          withdrawn: 0n,
          expired: 0n,
        },
      ],
      sales: [
        { saleId: sale, prescriptionId: prescription, state: 'COMPLETED', settlementId, ...amounts },
        {
          saleId: reversed,
          prescriptionId: prescription,
          state: 'REVERSED',
          settlementId: reversedSettlement,
          ...amounts,
        },
        {
          saleId: abandoned,
          prescriptionId: prescription,
          state: 'ABANDONED',
          settlementId: null,
          total: null,
          basic: null,
          serious: null,
          aid: null,
          patient: null,
        },
      ],
      statuses: { CIRCULATING: 1n },
      wrongStates: [],
      soldLines: [{ saleId: sale, prescriptionId: prescription, lineNo: 1, quantity: 20_000n, codes: 2n }],
      soldCodes: codes.map((traceCode) => ({ traceCode, saleId: sale, lineNo: 1 })),
    },
    traceability: {
      states: { RECEIVED: 5n, SOLD: 2n },
      taken: codes.map((traceCode) => {
        return { traceCode, drugCode: 'd', state: 'SOLD', saleId: sale, lineNo: 1, holderId: 'P1' };
      }),
      brokenChains: [],
      wrongStock: [],
    },
    settlement: {
      states: { CONFIRMED: 1n, NEVER_SETTLED: 1n, REVERSED: 1n },
      reversed: [{ saleId: reversed, settlementId: reversedSettlement }],
      ledger: { FUND_BASIC: 803_520n, PATIENT: 312_480n, PHARMACY: -1_116_000n },
      sales: [{ saleId: sale, settlementId, state: 'CONFIRMED', ...amounts }],
      wrongPostings: [],
      wrongAccounts: [],
    },
    audit: {
      events: Object.keys(topics).map((topic) => ({ topic, type: `${topic}/a`, count: 3n })),
      brokenNumberings: [],
      unnumbered: [],
    },
    traffic: traffic(),
    unmatched: [],
  };
}

/** Each topic's owner published three events of it; every service published records of access together: three. */
function traffic(): Record<ServiceName, Traffic> {
  const all = perService((): Traffic => ({ published: [], waiting: 0n, consumed: [], parked: [] }));
  for (const [topic, { owner }] of Object.entries(topics)) {
    if (owner !== '*') all[owner as ServiceName].published.push({ topic, count: 3n });
  }
  for (const name of ['issuing', 'dispensing', 'registry'] as const) {
    all[name].published.push({ topic: 'erx.access.record.v1', count: 1n });
  }
  for (const [consumer, list] of Object.entries(consumers) as [ServiceName, readonly Topic[]][]) {
    all[consumer].consumed = list.map((topic) => ({ consumer, topic, count: 3n }));
  }
  return all;
}

/** What the till was told of the one sale. */
export const answer: SaleAnswer = {
  saleId: sale,
  prescriptionId: prescription,
  totalFen: 1_116_000,
  basicFen: 803_520,
  seriousFen: 0,
  aidFen: 0,
  patientFen: 312_480,
  traceCodes: [...codes],
  reversed: false,
};
