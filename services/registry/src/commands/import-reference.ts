import type { Refused } from '@erx/errors';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer, type Tx } from '@erx/postgres';
import type { Institution } from '@erx/proto/registry/v1/registry_events';
import { type ImportReferenceRequest, ImportReferenceResponse } from '@erx/proto/registry/v1/registry_service';
import type { Call } from '@erx/rpc';
import { refuseAll } from '../domain/problems.ts';
import { type Aggregate, aggregatesOf } from '../domain/reference/aggregate.ts';
import { checkImport } from '../domain/reference/references.ts';
import { eventContext } from '../outbound/event-context.ts';
import { lockReference } from '../store/aggregates.ts';
import { institutionsOf, planScopes, prefixOwners } from '../store/holdings.ts';
import { earlierAnswer } from './earlier-answer.ts';
import { publishChanged } from './publish-changed.ts';

/**
 * Takes reference data in bulk: all of it or, with every problem named, nothing. A changed aggregate gets its next
 * revision and one event; equal content changes nothing.
 */
export async function importReference(
  database: Database,
  request: ImportReferenceRequest,
  call: Call,
): Promise<ImportReferenceResponse | Refused> {
  const client = call.request;
  if (client === undefined) throw new Error('reference.import needs a client request');
  const known = earlierAnswer(await recall(database, client, ImportReferenceResponse));
  if (known !== undefined) return known;
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'reference.import', ImportReferenceResponse));
    if (earlier !== undefined) return earlier;
    await lockReference(tx);
    const stored = await institutionsOf(
      tx,
      request.practitioners.map((practitioner) => practitioner.institutionId),
    );
    const problems = [...checkImport(request, await holdingsOf(tx, request, stored))];
    if (problems.length > 0) return refuseAll(problems);
    const answer = await publishChanged(tx, aggregatesOf(request), {
      origin: 'IMPORT',
      context: eventContext(call.actor, call.at, call.machineAt),
      at: call.machineAt,
      divisionOf: divisions(request, stored),
    });
    await rememberAnswer(tx, client, ImportReferenceResponse, answer);
    return answer;
  });
}

async function holdingsOf(tx: Tx, request: ImportReferenceRequest, institutions: ReadonlyMap<string, Institution>) {
  return {
    institutions: new Map([...institutions].map(([id, { kind }]) => [id, kind])),
    prefixes: await prefixOwners(tx, request),
    ...(await planScopes(tx, request)),
  };
}

/** An institution lies where it lies, practitioners where they work, a plan in its region; a drug is everywhere. */
function divisions(request: ImportReferenceRequest, stored: ReadonlyMap<string, Institution>) {
  const places = new Map([...stored.values(), ...request.institutions].map((it) => [it.institutionId, it.division]));
  return (aggregate: Aggregate): string | undefined => {
    switch (aggregate.kind) {
      case 'INSTITUTION':
        return aggregate.content.division;
      case 'PRACTITIONER':
        return places.get(aggregate.content.institutionId);
      case 'PLAN':
        return aggregate.content.poolingRegion;
      default:
        return undefined;
    }
  };
}
