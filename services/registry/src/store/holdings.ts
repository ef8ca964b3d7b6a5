import { query, type Tx } from '@erx/postgres';
import { Institution } from '@erx/proto/registry/v1/registry_events';
import type { ImportReferenceRequest } from '@erx/proto/registry/v1/registry_service';
import { scopeOf } from '../domain/reference/plan.ts';
import { drugTracePrefix, planScope, referenceAggregate } from './tables.ts';

/** The stored institutions among these, by id. */
export async function institutionsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Institution>> {
  const { kind, key, payload } = referenceAggregate;
  const rows = await tx.db
    .select({ key, payload })
    .from(referenceAggregate)
    .where(query.and(query.eq(kind, 'INSTITUTION'), query.inArray(key, [...new Set(ids)])));
  return new Map(rows.map((row) => [row.key, Institution.decode(row.payload)]));
}

/** Owners of the trace-code prefixes that an import names. */
export async function prefixOwners(tx: Tx, { drugs }: ImportReferenceRequest): Promise<Map<string, string>> {
  const prefixes = drugs.flatMap((drug) => drug.tracePrefixes);
  const rows = await tx.db.select().from(drugTracePrefix).where(query.inArray(drugTracePrefix.prefix, prefixes));
  return new Map(rows.map((row) => [row.prefix, row.drugCode]));
}

/** Which plan stands for which scope, among the regions and plans that an import names. */
export async function planScopes(tx: Tx, { plans }: ImportReferenceRequest) {
  const rows = await tx.db
    .select()
    .from(planScope)
    .where(
      query.or(
        query.inArray(
          planScope.planId,
          plans.map((plan) => plan.planId),
        ),
        query.inArray(
          planScope.poolingRegion,
          plans.map((plan) => plan.poolingRegion),
        ),
      ),
    );
  return {
    planOfScope: new Map(rows.map((row) => [scopeOf(row), row.planId])),
    scopeOfPlan: new Map(rows.map((row) => [row.planId, scopeOf(row)])),
  };
}
