import { randomUUID } from 'node:crypto';
import { type Database, inTransaction } from '@erx/postgres';
import { isGivenUp, pauseAfter } from '../domain/retry-schedule.ts';
import type { PostWebhook } from '../outbound/post-webhook.ts';
import { webhookKeys } from '../outbound/webhook-keys.ts';
import { signedHeaders, webhookBody } from '../outbound/webhook-message.ts';
import { forReader } from '../queries/for-reader.ts';
import { type Leased, leaseDue, noteDelivered, noteFailure, pauseFor } from '../store/delivery-store.ts';

export type DeliverParts = {
  database: Database;
  post: PostWebhook;
  /** 32 bytes from which the keys of all subscriptions are derived. */
  master: Uint8Array;
  machine: () => Date;
};

const AT_ONCE = 8;
/** Longer than an attempt lasts: a process that died holds a message no longer. */
const LEASE_MS = 30_000;
const GONE = 410;

/**
 * Sends what is due to one subscriber, some at once. Nothing is held in the database meanwhile but the lease. Gives how
 * many were tried. A message whose outcome could not be written is sent again: receivers know it by its id.
 */
export async function deliverDue(parts: DeliverParts, subscriptionId: string): Promise<number> {
  const at = parts.machine();
  const until = new Date(at.getTime() + LEASE_MS);
  const leased = await leaseDue(parts.database.sql, subscriptionId, { at, until, lease: randomUUID(), limit: AT_ONCE });
  await Promise.all(leased.map((message) => send(parts, subscriptionId, message)));
  return leased.length;
}

async function send({ database, post, master, machine }: DeliverParts, id: string, message: Leased): Promise<void> {
  const at = machine();
  const body = webhookBody(forReader(message.role)(message.entry));
  const headers = signedHeaders(webhookKeys(master, id), message.entry.eventId, at, body);
  const { status = 0, problem, retryAfterMs } = await post(message.url, headers, body);
  if (status >= 200 && status < 300) {
    await inTransaction(database, (tx) => noteDelivered(tx, id, message, machine()));
    return;
  }
  const failedAt = machine();
  await noteFailure(database.sql, id, message, {
    problem,
    dueAt: new Date(failedAt.getTime() + pauseAfter(message.attempts + 1, retryAfterMs)),
    isGivenUp: isGivenUp(message.firstTriedAt ?? at, failedAt),
  });
  if (status === GONE) await pauseFor(database.sql, id, 'GONE');
}
