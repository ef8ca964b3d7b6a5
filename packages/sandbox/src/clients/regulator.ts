import type { Answer, Session } from './http.ts';
import type { AuditEntry } from './types.ts';

export type AuditPage = { entries: AuditEntry[]; end: number };

const PAGE = 100;

/** A regulator's program (医保监管): reads the audit of its own division, from any position, without gaps. */
export class RegulatorClient {
  readonly division: string;
  readonly #session: Session;

  constructor(session: Session, division: string) {
    this.#session = session;
    this.division = division;
  }

  page(after: number, limit = PAGE): Promise<Answer<AuditPage>> {
    return this.#session.send({
      step: 'audit-read',
      method: 'GET',
      path: `/v1/audit/entries?after=${after}&limit=${limit}`,
    });
  }
}
