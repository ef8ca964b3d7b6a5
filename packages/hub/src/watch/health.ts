import { consumers, type Topic } from '@erx/proto/topics';
import { type ServiceName, serviceNames } from '../services.ts';
import type { HubFile } from '../supervisor/hub-file.ts';
import type { Sqls } from './follow-prescription.ts';

export type Health = {
  processes: { name: string; pid: number | undefined; isAlive: boolean }[];
  outboxes: { service: ServiceName; waiting: number; oldestMs: number }[];
  lags: { consumer: string; behind: number; oldestMs: number }[];
  sales: { inFlight: number; oldestMs: number };
  parked: { service: ServiceName; count: number }[];
  /** The age of the oldest read copy of reference data, by service, and the hashes that there are: one, if all agree. */
  copies: { ages: { service: ServiceName; oldestMs: number }[]; hashes: number };
};

/** So many of the last published events are looked for in the inboxes; a longer lag shows as this number. */
export const LOOK_BACK = 500;

type Published = { id: string; topic: string; ageMs: number };

export async function readHealth(hub: HubFile, sqls: Sqls): Promise<Health> {
  const [recent, outboxes, parked, sales, copies] = await Promise.all([
    Promise.all(serviceNames.map((name) => lastPublished(sqls, name))),
    Promise.all(serviceNames.map((name) => readOutbox(sqls, name))),
    Promise.all(serviceNames.map((name) => countParked(sqls, name))),
    readSales(sqls),
    readCopies(sqls),
  ]);
  const lags = await Promise.all(
    Object.entries(consumers).map(([name, topics]) => readLag(sqls, name as ServiceName, topics, recent.flat())),
  );
  const notEmpty = parked.filter(({ count }) => count > 0);
  return { processes: readProcesses(hub), outboxes, lags, sales, parked: notEmpty, copies };
}

async function readCopies(sqls: Sqls): Promise<Health['copies']> {
  const rows = await Promise.all(
    serviceNames.map(async (service) => {
      const copies = await sqls[service]<{ hash: string; ageMs: number }[]>`
        select hash, (extract(epoch from now() - coalesce(current_at, started_at)) * 1000)::float8 as "ageMs"
        from read_copy`;
      return copies.map((copy) => ({ service, ...copy }));
    }),
  );
  const byService = Map.groupBy(rows.flat(), ({ service }) => service);
  const ages = [...byService].map(([service, copies]) => {
    return { service, oldestMs: Math.max(...copies.map(({ ageMs }) => ageMs)) };
  });
  return { ages, hashes: new Set(rows.flat().map(({ hash }) => hash)).size };
}

function readProcesses({ processes }: HubFile): Health['processes'] {
  return (['postgres', 'kafka', ...serviceNames] as const).map((name) => {
    const pid = processes[name];
    return { name, pid, isAlive: pid !== undefined && isAlive(pid) };
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function lastPublished(sqls: Sqls, name: ServiceName): Promise<Published[]> {
  return sqls[name]<Published[]>`
    select event_id as id, topic, (extract(epoch from now() - published_at) * 1000)::int as "ageMs"
    from (select * from outbox order by seq desc limit ${LOOK_BACK}) as last where published_at is not null`;
}

async function readOutbox(sqls: Sqls, service: ServiceName): Promise<Health['outboxes'][number]> {
  const [row] = await sqls[service]<{ waiting: number; oldestMs: number }[]>`
    select count(*)::int as waiting, coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::int as "oldestMs"
    from outbox where published_at is null`;
  return { service, waiting: row?.waiting ?? 0, oldestMs: row?.oldestMs ?? 0 };
}

async function readLag(
  sqls: Sqls,
  consumer: ServiceName,
  topics: readonly Topic[],
  recent: readonly Published[],
): Promise<Health['lags'][number]> {
  const meant = recent.filter(({ topic }) => (topics as readonly string[]).includes(topic));
  const rows = await sqls[consumer]<{ id: string }[]>`
    select event_id as id from inbox where consumer = ${consumer} and event_id = any(${meant.map(({ id }) => id)}::uuid[])`;
  const had = new Set(rows.map(({ id }) => id));
  const missing = meant.filter(({ id }) => !had.has(id));
  return { consumer, behind: missing.length, oldestMs: Math.max(0, ...missing.map(({ ageMs }) => ageMs)) };
}

async function readSales({ dispensing }: Sqls): Promise<Health['sales']> {
  // By the machine's clock: the id of a sale's first event carries it, the sale itself has business time.
  const [row] = await dispensing<{ inFlight: number; oldestMs: number }[]>`
    select count(*)::int as "inFlight",
           coalesce(extract(epoch from now() - min(uuid_extract_timestamp(started_event_id))) * 1000, 0)::int as "oldestMs"
    from sale where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING', 'REVERSING')`;
  return { inFlight: row?.inFlight ?? 0, oldestMs: row?.oldestMs ?? 0 };
}

async function countParked(sqls: Sqls, service: ServiceName): Promise<Health['parked'][number]> {
  const [row] = await sqls[service]<{ count: number }[]>`select count(*)::int as count from parked`;
  return { service, count: row?.count ?? 0 };
}
