import { isRefused, type Refused } from '@erx/errors';
import type { QuoteRequest, QuoteResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import type { Deps } from '../deps.ts';
import { basisOf, priceProblems } from '../domain/basis.ts';
import { decide } from '../domain/decide-prescription.ts';
import { wrapQuote } from '../domain/quote-token.ts';
import { insuranceOf } from '../outbound/grants.ts';
import type { StoredPrescription } from '../store/prescription-store.ts';
import { meetToServe } from './encounter.ts';

/**
 * CX-22c 预结算: what a sale of these packs would cost whom, explained line by line. Stores nothing; refused for every
 * reason that the sale would be refused for now.
 */
export async function quote(deps: Deps, request: QuoteRequest, call: Call): Promise<QuoteResponse | Refused> {
  const met = await meetToServe(deps, request, call);
  if (isRefused(met)) return met;
  const { stored, grant } = met;
  const pharmacyId = call.actor.institutionId;
  const hindered = couldNotBegin(stored, request, call);
  if (hindered !== undefined) return hindered;
  const { category, lines, prescriptionId } = request;
  const basis = basisOf(stored, { pharmacyId, insurance: insuranceOf(grant), category, lines });
  const context = { actor: call.actor, causationId: stored.lastEventId };
  const quoted = await deps.peers.settlement.quote({ basis }, context);
  if (isRefused(quoted)) return quoted;
  const { quoteToken, expiresAt, amounts } = quoted;
  if (expiresAt === undefined) throw new Error('a quote without end');
  return {
    quoteToken: wrapQuote({ prescriptionId, pharmacyId, category, lines, expiresAt }, quoteToken),
    expiresAt,
    amounts,
  };
}

function couldNotBegin(
  { state }: StoredPrescription,
  { lines }: QuoteRequest,
  { actor, at }: Call,
): Refused | undefined {
  const wanted = lines.map((line) => ({ ...line, drugCode: '', traceCodes: [] }));
  const command = { type: 'BeginSale', saleId: '', lines: wanted, pharmacyId: actor.institutionId, at } as const;
  const decision = decide(state, command, { historyViewRequired: false });
  const refused = [...(isRefused(decision) ? decision.refused : []), ...priceProblems(lines)];
  return refused.length > 0 ? { refused } : undefined;
}
