import { randomUUID } from 'node:crypto';
import { isRefused, type Refused, refuse } from '@erx/errors';
import type { Tx } from '@erx/postgres';
import type { SellRequest } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { formatInstant } from '@erx/values';

import { profileFor } from '../../act.ts';
import type { Deps } from '../../deps.ts';
import { basisOf, writtenLine } from '../../domain/basis.ts';
import { openQuote } from '../../domain/quote-token.ts';
import { scanProblems } from '../../domain/scan.ts';
import { type Agent, agentOf, insuranceOf } from '../../outbound/grants.ts';
import { registerAgent } from '../../store/agent-store.ts';
import { insertSale, isQuoteUsed, type Lease, type NewSale } from '../../store/sale-store.ts';
import { type Encounter, meetToServe } from '../encounter.ts';
import { requestOf } from '../once.ts';
import { stepOfVisit } from '../visit.ts';

type Intent = Omit<NewSale, 'startedEventId'> & { agent: Agent | undefined };

/** Everything that can be said of a sale before it touches anything. Asks verification. */
export async function prepareSale(deps: Deps, request: SellRequest, call: Call): Promise<Intent | Refused> {
  const met = await meetToServe(deps, request, call);
  if (isRefused(met)) return met;
  const opened = openQuote(request.quoteToken);
  const pharmacyId = call.actor.institutionId;
  const { written, prescriptionId } = met.stored;
  const isOfThisSale =
    opened?.quoted.prescriptionId === prescriptionId &&
    opened.quoted.pharmacyId === pharmacyId &&
    opened.quoted.lines.every(({ lineNo }) => written.some((line) => line.lineNo === lineNo));
  if (!isOfThisSale) return staleQuote();
  const { expiresAt, lines } = opened.quoted;
  if (call.at >= expiresAt) return staleQuote({ expiredAt: formatInstant(expiresAt) });
  const refused = scanProblems(written, lines, request.lines);
  return refused.length > 0 ? { refused } : intentOf(deps, met, opened, request, call);
}

function intentOf(
  { reference }: Deps,
  { stored, grant }: Encounter,
  { quoted, settlementToken }: NonNullable<ReturnType<typeof openQuote>>,
  request: SellRequest,
  call: Call,
): Intent {
  const { actor, at } = call;
  const { clientId, key } = requestOf(call);
  const { prescriptionId, personId } = stored;
  const { category, lines, expiresAt } = quoted;
  const pharmacyId = actor.institutionId;
  const saleId = randomUUID();
  const scanned = request.lines.map(({ lineNo, traceCodes }) => {
    return { lineNo, drugCode: writtenLine(stored, lineNo).drugCode, traceCodes };
  });
  return {
    saleId,
    prescriptionId,
    pharmacyId,
    personId,
    clientId,
    requestKey: key,
    actor,
    profileVersion: profileFor(pharmacyId, at, reference).version,
    // In the order of the scan: refusals point into the client's own list.
    reserveRequest: { saleId, prescriptionId, holderId: pharmacyId, lines: scanned },
    basis: basisOf(stored, { pharmacyId, insurance: insuranceOf(grant), category, lines }),
    quoteToken: settlementToken,
    quoteExpiresAt: expiresAt,
    begunAt: at,
    agent: agentOf(grant),
    lines: lines.map((line) => {
      const { drugCode, genericName } = writtenLine(stored, line.lineNo);
      const traceCodes = scanned.find(({ lineNo }) => lineNo === line.lineNo)?.traceCodes ?? [];
      return { ...line, drugCode, genericName, traceCodes };
    }),
  };
}

/**
 * Holds the quantities and puts the sale on record, with the agent who buys for the patient (HB-24c): from here on it is
 * driven to an end, whoever lives.
 */
export async function beginSale(
  tx: Tx,
  deps: Pick<Deps, 'reference'>,
  intent: Intent,
  lease: Lease,
  call: Call,
): Promise<{ saleId: string } | Refused> {
  const { saleId, prescriptionId } = intent;
  const lines = intent.lines.map(({ genericName: _name, ...line }) => line);
  const begun = await stepOfVisit(tx, deps, prescriptionId, { type: 'BeginSale', saleId, lines }, call);
  if (isRefused(begun)) return begun;
  if (await isQuoteUsed(tx, prescriptionId, intent.quoteToken)) return staleQuote();
  const { agent, ...sale } = intent;
  await insertSale(tx, { ...sale, startedEventId: begun.lastEventId }, lease);
  if (agent !== undefined) await registerAgent(tx, saleId, agent, call.at);
  return { saleId };
}

/** CX-22c. */
function staleQuote(detail?: Record<string, string>): Refused {
  return refuse('SETTLE_QUOTE_STALE', detail, '/quoteToken');
}
