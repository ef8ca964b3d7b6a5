import type { Ask } from '@erx/audit-client';
import type { Answer, Session } from './http.ts';
import type { AuditEntry } from './types.ts';

export type AuditPage = { entries: AuditEntry[]; end: number };

type Side = { holderId: string; state: string; saleId?: string; noteId?: string };
export type Conflict = { conflictId: string; traceCode: string; kind: string; known: Side; claimed: Side };

const PAGE = 100;

/** A regulator's program (医保监管): reads the audit of its own division, from any position, without gaps. */
export class RegulatorClient {
  readonly division: string;
  readonly #session: Session;

  constructor(session: Session, division: string) {
    this.#session = session;
    this.division = division;
  }

  /** Codes that were seen twice (追溯码冲突), read on from a conflict. */
  conflicts(after?: string): Promise<Answer<{ conflicts: Conflict[] }>> {
    const from = after === undefined ? '' : `&after=${after}`;
    return this.#session.send({ step: 'conflicts', method: 'GET', path: `/v1/trace-conflicts?limit=200${from}` });
  }

  /** How its program that follows the audit (`@erx/audit-client`) reaches the hub. */
  readonly ask: Ask = (path, headers, signal) => this.#session.open('audit-read', path, headers, signal);

  /** 存证回执 of an event that it may see: the event's bytes, and the whole as a file. */
  receipt(eventId: string): Promise<Answer<{ event: string; file: string }>> {
    return this.#session.send({ step: 'receipt-read', method: 'GET', path: `/v1/audit/receipts/${eventId}` });
  }

  /** 全链 of a prescription. */
  chain(prescription: string): Promise<Answer<{ steps: unknown[] }>> {
    return this.#session.send({ step: 'chain', method: 'GET', path: `/v1/history?prescription=${prescription}` });
  }

  page(after: number, limit = PAGE): Promise<Answer<AuditPage>> {
    return this.#session.send({
      step: 'audit-read',
      method: 'GET',
      path: `/v1/audit/entries?after=${after}&limit=${limit}`,
    });
  }
}
