import type { Sql } from '@erx/postgres';
import { consumers, type Topic } from '@erx/proto/topics';
import { type ServiceName, serviceNames } from '../services.ts';

export type Sqls = Record<ServiceName, Sql>;

/** An event of the prescription: who said it, when it left its outbox, and whom it has reached. */
export type Step = {
  id: string;
  service: ServiceName;
  /** `PrescriptionLocked` */
  event: string;
  createdAt: Date;
  publishedAt: Date | null;
  reached: { consumer: string; at: Date }[];
};

export type Prescription = { id: string; number: string; status: string };

const ISSUED: Topic = 'erx.issuing.prescription.v1';

/** By number, trace code or id; without one the newest. */
export async function findPrescription(sqls: Sqls, name?: string): Promise<Prescription | undefined> {
  const { issuing } = sqls;
  const condition =
    name === undefined
      ? issuing`prescription_id::text = (
          select key from outbox where topic = ${ISSUED} order by seq desc limit 1)`
      : issuing`hi_rxno = ${name} or rx_trace_code = ${name} or prescription_id::text = ${name}`;
  const [found] = await issuing<Prescription[]>`
    select prescription_id as id, hi_rxno as number, status from prescription where ${condition}`;
  return found;
}

/** Rows become visible in the order of their commits, not of their numbers: look back so far. */
const OVERLAP = 2_000n;

/** Collects the steps of one prescription; each look reads only what is new. */
export class PrescriptionTrail {
  readonly id: string;
  readonly #steps = new Map<string, Step>();
  readonly #ends = new Map<ServiceName, bigint>();

  constructor(id: string) {
    this.id = id;
  }

  async look(sqls: Sqls): Promise<Step[]> {
    await Promise.all(serviceNames.map((service) => this.#readOutbox(service, sqls[service])));
    await Promise.all(Object.keys(consumers).map((name) => this.#readInbox(name, sqls[name as ServiceName])));
    return [...this.#steps.values()].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  async #readOutbox(service: ServiceName, sql: Sql): Promise<void> {
    const [end] = await sql<{ seq: bigint | null }[]>`select max(seq) as seq from outbox`;
    const from = (this.#ends.get(service) ?? 0n) - OVERLAP;
    const rows = await sql<{ id: string; type: string; created: number; published: number | null }[]>`
      select event_id as id, type, ${milliseconds(sql, 'created_at')} as created,
             ${milliseconds(sql, 'published_at')} as published
      from outbox where key = ${this.id} and seq > ${from.toString()}::bigint`;
    for (const { id, type, created, published } of rows) {
      const times = { createdAt: new Date(created), publishedAt: published === null ? null : new Date(published) };
      const known = this.#steps.get(id);
      if (known) Object.assign(known, times);
      else this.#steps.set(id, { id, service, event: type.split('.').at(-1) ?? type, ...times, reached: [] });
    }
    this.#ends.set(service, end?.seq ?? 0n);
  }

  async #readInbox(consumer: string, sql: Sql): Promise<void> {
    const open = [...this.#steps.values()].filter((step) => !step.reached.some((it) => it.consumer === consumer));
    const rows = await sql<{ id: string; at: number }[]>`
      select event_id as id, ${milliseconds(sql, 'received_at')} as at from inbox
      where consumer = ${consumer} and event_id = any(${open.map(({ id }) => id)}::uuid[])`;
    for (const { id, at } of rows) this.#steps.get(id)?.reached.push({ consumer, at: new Date(at) });
  }
}

// drizzle leaves instants of its client as texts.
const milliseconds = (sql: Sql, column: string) => sql`(extract(epoch from ${sql(column)}) * 1000)::float8`;
