import { createHmac, sign } from 'node:crypto';
import type { Entry, Logged } from '@erx/proto/audit/v1/audit_service';
import { formatInstant } from '@erx/values';
import type { WebhookKeys } from './webhook-keys.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** An entry as a subscriber receives it; `data` is what `GET /v1/audit/entries` shows. */
export function webhookBody({
  recordedAt = new Date(0),
  value,
  offset,
  number,
  masked,
  logged,
  ...entry
}: Entry): string {
  const { eventId, type, topic, partition, key, headers, schemaVersion } = entry;
  const recorded = formatInstant(recordedAt);
  return JSON.stringify({
    type,
    timestamp: recorded,
    data: {
      number: Number(number),
      eventId,
      type,
      topic,
      partition,
      offset: Number(offset),
      key,
      headers,
      value: base64(value),
      recordedAt: recorded,
      schemaVersion,
      ...(logged === undefined ? {} : { logged: shownLogged(logged) }),
      ...(masked.length === 0 ? {} : { masked }),
    },
  });
}

function shownLogged({ logId, index, salt, saltedHash }: Logged) {
  const proof = salt.length > 0 ? { salt: base64(salt) } : { saltedHash: base64(saltedHash) };
  return { logId, index: Number(index), ...proof };
}

/**
 * Headers of the Standard Webhooks specification: the id is the event's, the same in every attempt; signed are id,
 * timestamp (seconds, of the attempt) and exact body, by HMAC-SHA-256 (`v1`) and Ed25519 (`v1a`).
 */
export function signedHeaders(keys: WebhookKeys, id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  const hmac = createHmac('sha256', keys.secret).update(content).digest('base64');
  const signature = sign(null, content, keys.privateKey).toString('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac} v1a,${signature}`,
    'content-type': 'application/json',
    'user-agent': 'erx-hub',
  };
}
