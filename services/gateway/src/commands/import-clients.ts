import { createPublicKey } from 'node:crypto';
import { type Refusal, type Refused, refusal } from '@erx/errors';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer } from '@erx/postgres';
import { ImportReferenceResponse as Answer } from '@erx/proto/registry/v1/registry_service';
import type { CallContext } from '@erx/rpc';
import { type Client, saveClient } from '../store/clients.ts';
import { earlierAnswer } from './earlier-answer.ts';
import { AUTHORITY } from './ensure-authority.ts';

type ClientRecord = {
  clientId: string;
  role: string;
  institutionId?: string | undefined;
  division?: string | undefined;
  name: string;
  jwks: { keys: readonly object[] };
};

export type ImportClients = (records: readonly ClientRecord[], context: CallContext) => Promise<Answer | Refused>;

/** Registers programs with their public keys, all or none; equal content changes nothing. */
export function importClients(database: Database, now: () => Date): ImportClients {
  return async (records, { request }) => {
    if (request === undefined) throw new Error('client.import needs a client request');
    const known = earlierAnswer(await recall(database, request, Answer));
    if (known !== undefined) return known;
    const problems = records.flatMap((record, index) => [...problemsOf(record, index, records)]);
    if (problems.length > 0) return { refused: problems };
    return inTransaction(database, async (tx) => {
      const earlier = earlierAnswer(await claimRequest(tx, request, 'client.import', Answer));
      if (earlier !== undefined) return earlier;
      let changed = 0;
      // In one order for all, so that two imports never wait for each other.
      for (const client of records.map(toClient).sort((a, b) => (a.clientId < b.clientId ? -1 : 1))) {
        if (await saveClient(tx, client, now())) changed += 1;
      }
      const answer = { changed, unchanged: records.length - changed };
      await rememberAnswer(tx, request, Answer, answer);
      return answer;
    });
  };
}

const OF_INSTITUTION = ['HOSPITAL', 'PHARMACY'];
const OF_DIVISION = ['REGULATOR', 'AGENCY'];

function* problemsOf(record: ClientRecord, index: number, all: readonly ClientRecord[]): Generator<Refusal> {
  const { clientId, role, institutionId = '', division = '' } = record;
  const at = `/clients/${index}`;
  const problem = (word: string, field: string) => refusal('REQUEST_INVALID', { problem: word }, `${at}/${field}`);
  // The root authority's key comes from the operator, never over the network.
  if (clientId === AUTHORITY) yield problem('RESERVED', 'clientId');
  if (all.findIndex((other) => other.clientId === clientId) < index) yield problem('DUPLICATE', 'clientId');
  if (OF_INSTITUTION.includes(role) && institutionId === '') yield problem('REQUIRED', 'institutionId');
  if (!OF_INSTITUTION.includes(role) && institutionId !== '') yield problem('NOT_FOR_THIS_ROLE', 'institutionId');
  if (OF_DIVISION.includes(role) && division === '') yield problem('REQUIRED', 'division');
  for (const [place, key] of record.jwks.keys.entries()) {
    if (!isPublicKey(key)) yield problem('NOT_A_P256_KEY', `jwks/keys/${place}`);
  }
}

function isPublicKey(jwk: object): boolean {
  try {
    return createPublicKey({ key: jwk as never, format: 'jwk' }).type === 'public';
  } catch {
    return false; // a point that is not on the curve
  }
}

function toClient({ clientId, role, institutionId = '', division = '', name, jwks }: ClientRecord): Client {
  return { clientId, role, institutionId, division, name, jwks: JSON.stringify(jwks) };
}
