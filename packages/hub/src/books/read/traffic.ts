import type { Sql } from '@erx/postgres';
import type { ServiceName } from '../../services.ts';

const NIL = '00000000-0000-0000-0000-000000000000';

type Count = { topic: string; count: bigint };

/** What went out of one service's database and what came in, ever: also what was purged since. */
export type Traffic = {
  published: Count[];
  /** Events of the outbox that wait for the relay. */
  waiting: bigint;
  consumed: (Count & { consumer: string })[];
  parked: { consumer: string; topic: string; partition: number; offset: bigint; reason: string }[];
};

export async function readTraffic(sql: Sql): Promise<Traffic> {
  const published = await sql<Count[]>`
    select topic, sum(count)::bigint as count from (
      select topic, count(*) from outbox where published_at is not null group by topic
      union all select topic, events from purged where box = 'outbox') as every
    group by topic`;
  const [waiting] = await sql<{ n: bigint }[]>`select count(*) as n from outbox where published_at is null`;
  const consumed = await sql<Traffic['consumed']>`
    select consumer, topic, sum(count)::bigint as count from (
      select consumer, topic, count(*) from inbox group by consumer, topic
      union all select consumer, topic, events from purged where box = 'inbox') as every
    group by consumer, topic`;
  const parked = await sql<Traffic['parked']>`
    select consumer, topic, partition, "offset", reason from parked order by topic, partition, "offset"`;
  return { published: [...published], waiting: waiting?.n ?? 0n, consumed: [...consumed], parked: [...parked] };
}

/** Events of a topic that a consumer has not had, and those it had that nobody published; where both sides still know. */
export type Unmatched = { consumer: ServiceName; topic: string; missing: string[]; foreign: string[] };

export async function findUnmatched(
  sqls: Record<ServiceName, Sql>,
  consumer: ServiceName,
  topic: string,
): Promise<Unmatched> {
  const outboxes = await Promise.all(
    Object.values(sqls).map(
      (sql) => sql<{ id: string }[]>`
        select event_id as id from outbox where topic = ${topic} and published_at is not null order by seq`,
    ),
  );
  const purged = await Promise.all(
    Object.values(sqls).map(
      (sql) => sql<{ id: string }[]>`select newest as id from purged where box = 'outbox' and topic = ${topic}`,
    ),
  );
  const known =
    purged
      .flat()
      .map(({ id }) => id)
      .sort()
      .at(-1) ?? NIL;
  const inbox = await sqls[consumer]<{ id: string }[]>`
    select event_id as id from inbox where consumer = ${consumer} and topic = ${topic} and event_id > ${known}::uuid`;
  const published = new Set(outboxes.flat().map(({ id }) => id));
  const consumed = new Set(inbox.map(({ id }) => id));
  const missing = [...published].filter((id) => !consumed.has(id));
  const foreign = [...consumed].filter((id) => !published.has(id));
  return { consumer, topic, missing, foreign };
}
