import type { Sql, Tx } from '@erx/postgres';
import type { Filter } from '@erx/proto/audit/v1/audit_service';
import type { Subscription } from '@erx/proto/audit/v1/subscription_service';
import type { Reader } from '../queries/read-page.ts';

type Row = {
  subscriptionId: string;
  url: string;
  types: string;
  place: string;
  state: string;
  reason: string;
  through: bigint;
  delivered: bigint;
  lastDeliveredMs: bigint | null;
  createdMs: bigint;
};

const columns = (sql: Sql | Tx['sql']) => sql`
  subscription_id as "subscriptionId", url, types, place, state, reason, through, delivered,
  (extract(epoch from last_delivered_at) * 1000)::bigint as "lastDeliveredMs",
  (extract(epoch from created_at) * 1000)::bigint as "createdMs"`;

export function toFilter({ types, place }: { types: string; place: string }): Filter {
  return { types: types === '' ? [] : types.split(','), place };
}

/** Milliseconds of the machine's clock, as the database gives them. */
export const toDate = (ms: bigint | null): Date | undefined => (ms === null ? undefined : new Date(Number(ms)));

function toSubscription({ types, place, lastDeliveredMs, createdMs, ...row }: Row): Subscription {
  const filter = toFilter({ types, place });
  return { ...row, filter, lastDeliveredAt: toDate(lastDeliveredMs), createdAt: toDate(createdMs) };
}

export type NewSubscription = Reader & {
  subscriptionId: string;
  clientId: string;
  url: string;
  types: readonly string[];
  place: string;
  through: bigint;
  createdAt: Date;
};

/** Undefined when the client has `most` already. */
export async function insertSubscription(tx: Tx, it: NewSubscription, most: number): Promise<Subscription | undefined> {
  const [row] = await tx.sql<Row[]>`
    insert into subscription (subscription_id, client_id, role, division, url, types, place, state, through, created_at)
    select ${it.subscriptionId}::uuid, ${it.clientId}, ${it.role}, ${it.division}, ${it.url}, ${it.types.join(',')}, ${it.place},
           'ACTIVE', ${it.through.toString()}::bigint, ${it.createdAt.toISOString()}::timestamptz
    where (select count(*) from subscription where client_id = ${it.clientId}) < ${most}
    returning ${columns(tx.sql)}`;
  return row === undefined ? undefined : toSubscription(row);
}

export async function subscriptionsOf(sql: Sql, clientId: string): Promise<Subscription[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from subscription where client_id = ${clientId} order by created_at, subscription_id`;
  return rows.map(toSubscription);
}

// A text that is no UUID names nothing; the database would refuse it.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const isUuid = (text: string): boolean => UUID.test(text);

/** Undefined: there is none, or it is another client's. */
export async function findSubscription(
  sql: Sql | Tx['sql'],
  clientId: string,
  id: string,
): Promise<Subscription | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await sql<Row[]>`
    select ${columns(sql)} from subscription where client_id = ${clientId} and subscription_id = ${id}`;
  return rows.map(toSubscription)[0];
}

/** Going on, what waits is due at once. */
export async function setState(
  tx: Tx,
  clientId: string,
  id: string,
  state: 'ACTIVE' | 'PAUSED',
  at: Date,
): Promise<Subscription | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await tx.sql<Row[]>`
    update subscription set state = ${state}, reason = ''
    where client_id = ${clientId} and subscription_id = ${id} returning ${columns(tx.sql)}`;
  const [changed] = rows;
  if (changed !== undefined && state === 'ACTIVE') {
    await tx.sql`
      update delivery set due_at = ${at.toISOString()}
      where subscription_id = ${id} and state = 'WAITING' and lease is null`;
  }
  return changed === undefined ? undefined : toSubscription(changed);
}

const HALTED = 'CLIENT_SUSPENDED';

/** Pauses what the client has not paused itself. */
export async function haltSubscriptions(tx: Tx, clientId: string): Promise<void> {
  await tx.sql`
    update subscription set state = 'PAUSED', reason = ${HALTED} where client_id = ${clientId} and state = 'ACTIVE'`;
}

/** What was paused so goes on; what waits is due at once. */
export async function resumeHalted(tx: Tx, clientId: string, at: Date): Promise<void> {
  const rows = await tx.sql<{ id: string }[]>`
    select subscription_id as id from subscription where client_id = ${clientId} and reason = ${HALTED}`;
  for (const { id } of rows) await setState(tx, clientId, id, 'ACTIVE', at);
}

/** With everything that waits. */
export async function removeSubscription(tx: Tx, clientId: string, id: string): Promise<Subscription | undefined> {
  if (!isUuid(id)) return undefined;
  const rows = await tx.sql<Row[]>`
    delete from subscription where client_id = ${clientId} and subscription_id = ${id} returning ${columns(tx.sql)}`;
  return rows.map(toSubscription).map((it) => ({ ...it, state: 'DELETED' }))[0];
}

/** Subscriptions that have something to take up or to send. */
export async function withWork(sql: Sql, at: Date): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select subscription_id as id from subscription left join division_end using (division)
    where state = 'ACTIVE' and (through < coalesce(number, 0) or exists (
      select from delivery where delivery.subscription_id = subscription.subscription_id
        and delivery.state = 'WAITING' and due_at <= ${at.toISOString()}))`;
  return rows.map(({ id }) => id);
}
