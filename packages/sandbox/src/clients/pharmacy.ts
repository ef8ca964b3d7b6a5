import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedDocument } from './documents.ts';
import type { Answer, Call, Session } from './http.ts';
import type { Grant, Lock, PrescriptionOfPharmacy, Quote, RequestOutcome, Sale } from './types.ts';

export type Scan = { lineNo: number; traceCodes: string[] }[];
export type SaleRequest = { grantId: string; quoteToken: string; lines: Scan };

const RUNNING_PAUSE_MS = 50;

/** A pharmacy's counter program (药店终端). Every call names who acts: the pharmacist, or the till. */
export class PharmacyClient {
  readonly pharmacyId: string;
  readonly #session: Session;

  constructor(session: Session, pharmacyId: string) {
    this.#session = session;
    this.pharmacyId = pharmacyId;
  }

  checkIdentity(credential: string): Promise<Answer<Grant>> {
    return this.#post('identity', '/v1/identity-checks', { credential, purpose: 'DISPENSE' });
  }

  /** What the person behind the grant may fill here. */
  search(grantId: string, qr?: string): Promise<Answer<{ prescriptions: PrescriptionOfPharmacy[] }>> {
    return this.#post('search', '/v1/prescriptions/search', qr === undefined ? { grantId } : { grantId, qr });
  }

  lock(prescriptionId: string, grantId: string, qr?: string): Promise<Answer<Lock>> {
    const body = qr === undefined ? { grantId } : { grantId, qr };
    return this.#post('lock', `/v1/prescriptions/${prescriptionId}/lock`, body);
  }

  release(prescriptionId: string, reason: string): Promise<Answer<{ status: string }>> {
    return this.#post('release', `/v1/prescriptions/${prescriptionId}/release`, { reason });
  }

  /** The pharmacist who will review has to be the one who reads it. */
  history(prescriptionId: string, grantId: string, pharmacistId: string): Promise<Answer<{ entries: unknown[] }>> {
    return this.#post(
      'history',
      `/v1/prescriptions/${prescriptionId}/history`,
      { grantId },
      { operator: pharmacistId },
    );
  }

  review(
    prescriptionId: string,
    pharmacistId: string,
    { bytes, signature }: SignedDocument,
  ): Promise<Answer<{ opinion: string; status: string }>> {
    const body = { pharmacistId, document: Buffer.from(bytes).toString('base64'), signature };
    return this.#post('review', `/v1/prescriptions/${prescriptionId}/review`, body, { operator: pharmacistId });
  }

  quote(
    prescriptionId: string,
    quote: { grantId: string; category: string; lines: { lineNo: number; packs: string; unitPrice: string }[] },
  ): Promise<Answer<Quote>> {
    return this.#post('quote', `/v1/prescriptions/${prescriptionId}/quote`, quote);
  }

  /**
   * One attempt at a sale under its key. An answer 202 means that the sale goes on without us: its outcome is asked for
   * until there is one, and when nothing took effect the same request is sent again.
   */
  async sell(prescriptionId: string, sale: SaleRequest, key: string, signal?: AbortSignal): Promise<Answer<Sale>> {
    for (;;) {
      const path = `/v1/prescriptions/${prescriptionId}/sales`;
      const answer = await this.#post<Sale>('sale', path, sale, { key, ...(signal === undefined ? {} : { signal }) });
      if (!answer.ok || answer.status !== 202) return answer;
      const outcome = await this.#outcome<Sale>(key);
      if (outcome !== undefined) return { ok: true, status: 201, body: outcome };
    }
  }

  async #outcome<T>(key: string): Promise<T | undefined> {
    for (;;) {
      await sleep(RUNNING_PAUSE_MS);
      const answer = await this.#session.send<RequestOutcome<T>>({
        step: 'request-outcome',
        method: 'GET',
        path: `/v1/requests/${key}`,
      });
      if (!answer.ok) throw new Error(`outcome of a request: ${answer.errors.map(({ code }) => code).join()}`);
      if (answer.body.state !== 'RUNNING') return answer.body.answer;
    }
  }

  handOver(
    saleId: string,
    handOver: { grantId: string; signatureImage: string; listSm3: string },
  ): Promise<Answer<{ saleId: string; state: string; handedOverAt: string }>> {
    return this.#post('hand-over', `/v1/sales/${saleId}/hand-over`, handOver);
  }

  sale(saleId: string): Promise<Answer<Sale>> {
    return this.#session.send({ step: 'sale-read', method: 'GET', path: `/v1/sales/${saleId}` });
  }

  /** Custody of one package (追溯链). */
  code(traceCode: string): Promise<Answer<{ state: string; holderId: string }>> {
    return this.#session.send({ step: 'trace-code', method: 'GET', path: `/v1/trace-codes/${traceCode}` });
  }

  #post<T>(step: string, path: string, body: unknown, more: Partial<Call> = {}): Promise<Answer<T>> {
    return this.#session.send({ step, method: 'POST', path, body, operator: 'till-1', ...more });
  }
}
