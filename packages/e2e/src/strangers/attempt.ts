import assert from 'node:assert/strict';
import type { Operation, Role } from '@erx/auth';
import type { Scene, World } from '@erx/sandbox';
import type { Knocker } from '../knock.ts';
import type { Belongings } from './belongings.ts';

export type Answered = Awaited<ReturnType<Knocker['send']>>;

/** Codes of the refusal; or what an answer has to show instead, which is nothing of theirs. */
type Expected = string | ((answer: Answered) => void);

/** Somebody who has the right to an operation tries it on what belongs to another. */
export type Attempt = {
  operation: Operation;
  what: string;
  who: Who;
  request: [method: string, path: string, body?: unknown];
  expected: Expected;
  /** An id in the request: with one that does not exist, the answer must be the same. */
  hides?: string;
};

export type Who = { role: Role; client: string; operator?: string };

/** What those who try know and have. */
export type Strangers = {
  scene: Scene;
  world: World;
  theirs: Belongings;
  /** Event of their sale, and whose chains these are. */
  known: { saleEvent: string; personId: string; chain: ReadonlySet<string> };
  /** Living grants: of the same patient at pharmacy P9 and in another app; of another patient at P9 and in the first app. */
  grants: { pharmacy: string; app: string; otherPatient: string; otherApp: string };
};

export function attempt(
  who: Who,
  operation: Operation,
  what: string,
  request: Attempt['request'],
  expected: Expected,
  hides?: string,
): Attempt {
  return { who, operation, what, request, expected, ...(hides === undefined ? {} : { hides }) };
}

/** The whole chain by each key, and a receipt of one of its events. */
export function chainOf(who: Who, { theirs, known }: Strangers, grantId = '', refused?: string): Attempt[] {
  const { locked, sale, soldPack, doctor } = theirs;
  const grant = grantId === '' ? '' : `grantId=${grantId}`;
  const keys = {
    'prescription by id': `prescription=${locked.prescriptionId}`,
    'prescription by number': `prescription=${locked.hiRxno}`,
    settlement: `settlement=${sale.saleId}`,
    'trace code': `traceCode=${soldPack}`,
    patient: `patient=${known.personId}`,
    doctor: `doctor=${doctor.record.practitionerId}`,
  };
  const nothing = refused ?? nothingOf(known.chain);
  return [
    ...Object.entries(keys).map(([what, query]) =>
      attempt(who, 'chain.read', what, ['GET', `/v1/history?${query}&${grant}`.replace(/&$/, '')], nothing),
    ),
    attempt(
      who,
      'chain.read',
      'receipt',
      ['GET', `/v1/audit/receipts/${known.saleEvent}?${grant}`],
      refused ?? 'NOT_FOUND',
      known.saleEvent,
    ),
  ];
}

/** What became of somebody else's request: nothing that this client asked for. */
export function requestOf(who: Who, { theirs }: Strangers): Attempt {
  return attempt(who, 'request.read', 'key of their sale', ['GET', `/v1/requests/${theirs.requestKey}`], (answer) => {
    assert.deepEqual([answer.status, answer.body['state'], answer.body['answer']], [200, 'NONE', undefined]);
  });
}

/** Events are shown perhaps, but none of these. */
export function nothingOf(chain: ReadonlySet<string>): (answer: Answered) => void {
  return ({ status, codes, body }) => {
    // A history that this role has no key for is refused.
    if (status === 400 || status === 404) return assert.ok(codes.length > 0);
    assert.equal(status, 200);
    const { steps = [], entries = [] } = body as { steps?: { eventId: string }[]; entries?: { eventId: string }[] };
    const shown = [...steps, ...entries].map(({ eventId }) => eventId);
    assert.deepEqual(
      shown.filter((id) => chain.has(id)),
      [],
    );
  };
}
