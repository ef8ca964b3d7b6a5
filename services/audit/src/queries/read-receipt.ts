import { isRefused, type Refused, refuse, UnavailableError } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { ReadReceiptRequest, ReadReceiptResponse } from '@erx/proto/audit/v1/audit_service';
import { type EventType, events } from '@erx/proto/topics';
import type { Call } from '@erx/rpc';
import { inclusionProof } from '@erx/tlog';
import { factsOf } from '../domain/event-facts.ts';
import { historyKeysOf, idKey } from '../domain/history-keys.ts';
import { type Reader, visibleTo } from '../domain/visible.ts';
import type { Peers } from '../outbound/peers.ts';
import { readerOf } from '../outbound/reader.ts';
import { servedTree, type Waiting } from '../store/cosignature-store.ts';
import { tileReader } from '../store/log-store.ts';
import { findLogged, type LoggedEvent } from '../store/logged-event.ts';
import { findHistory } from './find-history.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * GJ-6e: what shows an event in the log, for those who may see the event. NOT_FOUND for everybody else; unavailable for
 * the second or two until a served tree holds it.
 */
export async function readReceipt(
  { database, peers, waiting }: { database: Database; peers: Peers; waiting: Waiting },
  { eventId, grantId }: ReadReceiptRequest,
  call: Call,
): Promise<ReadReceiptResponse | Refused> {
  const reader = await readerOf(peers, grantId, call);
  if (isRefused(reader)) return reader;
  const { division } = call.actor;
  const logged = UUID.test(eventId) ? await findLogged(database.sql, eventId, division) : undefined;
  if (logged === undefined || !(await maySee(database, reader, logged, division))) return refuse('NOT_FOUND');
  const { logId, index, type, value: event, salt, leaf } = logged;
  const tree = await servedTree(database.sql, waiting, logId, index + 1);
  if (tree === undefined) throw new UnavailableError('no served tree holds the event yet');
  const proof = await inclusionProof(index, tree.size, tileReader(database.sql, logId));
  return { eventId, type, event, salt, leaf, index: BigInt(index), proof, checkpoint: tree.note };
}

/** The same rule as for histories, over the chain that the event belongs to. */
async function maySee(database: Database, reader: Reader, event: LoggedEvent, division: string): Promise<boolean> {
  const { eventId, type, value, inDivision } = event;
  const payload = events[type as EventType].codec.decode(value);
  const facts = factsOf(payload);
  const { prescriptionId, persons } = facts;
  // An agency reads events masked (脱敏); a receipt is their exact bytes.
  if (reader.role === 'AGENCY') return false;
  // The bytes of a reading name everybody whom it concerned.
  if (reader.role === 'PATIENT' && persons.some((id) => id !== reader.personId)) return false;
  const subject = historyKeysOf(type as EventType, payload).mentions.find((key) => key.startsWith('id:'));
  const key = prescriptionId === '' ? subject : idKey(prescriptionId);
  if (key === undefined) return visibleTo(reader, [{ facts, ofPrescription: '', inDivision }]).length > 0;
  const chain = await findHistory(database, reader, { key, after: '', limit: 1, division });
  return chain.events.some((each) => each.eventId === eventId);
}
