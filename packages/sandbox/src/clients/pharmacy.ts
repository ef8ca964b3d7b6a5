import { randomUUID } from 'node:crypto';
import type { NoteRecord } from '../world/records.ts';
import type { SignedDocument } from './documents.ts';
import type { Answer, Call, Session } from './http.ts';
import { growingPause } from './pauses.ts';
import type {
  AgentAtCounter,
  AgentPurchase,
  Grant,
  Lock,
  PrescriptionOfPharmacy,
  Quote,
  RequestOutcome,
  Reversed,
  Sale,
} from './types.ts';

export type Scan = { lineNo: number; traceCodes: string[] }[];
export type SaleRequest = { grantId: string; quoteToken: string; lines: Scan };

export type BookingMode = 'ALL_OR_NOTHING' | 'EACH';
export type Receipt = Omit<NoteRecord, 'holderId'> & { parents?: Record<string, string> };
export type Movement = { noteId: string; kind: string; toHolderId?: string; traceCodes: string[]; reason: string };
export type Booked = { booked: number; refused: { traceCode: string; errors: { code: string }[] }[] };
type StockEntry = { drugCode: string; batchNo: string; state: string; codes: number };

const RUNNING_PAUSE_MS = 50;

/** A pharmacy's counter program (药店终端). Every call names who acts: the pharmacist, or the till. */
export class PharmacyClient {
  readonly pharmacyId: string;
  readonly #session: Session;

  constructor(session: Session, pharmacyId: string) {
    this.#session = session;
    this.pharmacyId = pharmacyId;
  }

  /** The patient's credential, and the agent's own where somebody else collects. */
  checkIdentity(credential: string, agent?: AgentAtCounter): Promise<Answer<Grant>> {
    const body = { credential, purpose: 'DISPENSE', ...(agent === undefined ? {} : { agent }) };
    return this.#post('identity', '/v1/identity-checks', body);
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
  sell(prescriptionId: string, sale: SaleRequest, key: string, signal?: AbortSignal): Promise<Answer<Sale>> {
    return this.#persevere('sale', `/v1/prescriptions/${prescriptionId}/sales`, sale, key, signal);
  }

  /** Takes a whole sale back (冲正); `leftCounter`: packs that go to quarantine. Goes on like a sale. */
  reverse(
    saleId: string,
    reversal: { reason: string; leftCounter: string[] },
    key: string = randomUUID(),
  ): Promise<Answer<Reversed>> {
    return this.#persevere('reverse', `/v1/sales/${saleId}/reverse`, reversal, key);
  }

  async #persevere<T>(
    step: string,
    path: string,
    body: unknown,
    key: string,
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    for (;;) {
      const answer = await this.#post<T>(step, path, body, { key, ...(signal === undefined ? {} : { signal }) });
      if (!answer.ok || answer.status !== 202) return answer;
      const outcome = await this.#outcome<T>(key);
      if (outcome !== undefined) return { ok: true, status: 201, body: outcome };
    }
  }

  async #outcome<T>(key: string): Promise<T | undefined> {
    for (const pause = growingPause(RUNNING_PAUSE_MS); ; ) {
      await pause();
      const answer = await this.request<T>(key);
      if (!answer.ok) throw new Error(`outcome of a request: ${answer.errors.map(({ code }) => code).join()}`);
      if (answer.body.state !== 'RUNNING') return answer.body.answer;
    }
  }

  /** What became of a write, by its key. */
  request<T>(key: string): Promise<Answer<RequestOutcome<T>>> {
    return this.#session.send({ step: 'request-outcome', method: 'GET', path: `/v1/requests/${key}` });
  }

  /** Register of agents (代办登记簿), read on from a sale. */
  agentPurchases(after?: string): Promise<Answer<{ purchases: AgentPurchase[] }>> {
    const from = after === undefined ? '' : `&after=${after}`;
    return this.#session.send({
      step: 'agent-register',
      method: 'GET',
      path: `/v1/agent-purchases?limit=200${from}`,
    });
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

  /** Delivery notes for the own stock (入库). */
  receive(notes: readonly Receipt[], mode: BookingMode): Promise<Answer<Booked>> {
    return this.#post('receipt', '/v1/stock/receipts', { notes, mode });
  }

  move(movement: Movement, mode: BookingMode): Promise<Answer<Booked>> {
    return this.#post('movement', '/v1/stock/movements', { ...movement, mode });
  }

  stock(drugCode: string): Promise<Answer<{ entries: StockEntry[] }>> {
    return this.#session.send({ step: 'stock', method: 'GET', path: `/v1/stock?drugCode=${drugCode}` });
  }

  /** Opens a large or medium pack. */
  openPack(traceCode: string): Promise<Answer<{ parts: string[] }>> {
    return this.#post('open-pack', `/v1/packs/${traceCode}/open`, undefined);
  }

  /** Custody of one package (追溯链). */
  code(traceCode: string): Promise<Answer<{ state: string; holderId: string }>> {
    return this.#session.send({ step: 'trace-code', method: 'GET', path: `/v1/trace-codes/${traceCode}` });
  }

  #post<T>(step: string, path: string, body: unknown, more: Partial<Call> = {}): Promise<Answer<T>> {
    return this.#session.send({ step, method: 'POST', path, body, operator: 'till-1', ...more });
  }
}
