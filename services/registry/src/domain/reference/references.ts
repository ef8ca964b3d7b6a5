import type { ImportReferenceRequest } from '@erx/proto/registry/v1/registry_service';
import { distinct, each, expect, type Problems } from '../problems.ts';
import { checkDrug } from './drug.ts';
import { checkInstitution } from './institution.ts';
import { checkPlan, scopeOf } from './plan.ts';
import { checkPractitioner, workplaceOf } from './practitioner.ts';

/** What the database already holds of the things that the import refers to. */
export type Holdings = {
  /** Kind of each institution, by id. */
  institutions: ReadonlyMap<string, string>;
  /** Drug that owns a trace-code prefix. */
  prefixes: ReadonlyMap<string, string>;
  /** Plan of a scope, and scope of a plan. */
  planOfScope: ReadonlyMap<string, string>;
  scopeOfPlan: ReadonlyMap<string, string>;
};

/** Everything wrong with an import, by itself and against what is there. */
export function* checkImport(request: ImportReferenceRequest, holdings: Holdings): Problems {
  yield* each(request.institutions, '/institutions', checkInstitution);
  yield* each(request.practitioners, '/practitioners', checkPractitioner);
  yield* each(request.drugs, '/drugs', checkDrug);
  yield* each(request.plans, '/plans', checkPlan);
  yield* distinct(
    request.institutions,
    (i) => `/institutions/${i}/institutionId`,
    (it) => it.institutionId,
  );
  yield* distinct(
    request.practitioners,
    (i) => `/practitioners/${i}/practitionerId`,
    (it) => it.practitionerId,
  );
  yield* distinct(
    request.drugs,
    (i) => `/drugs/${i}/drugCode`,
    (it) => it.drugCode,
  );
  yield* distinct(
    request.plans,
    (i) => `/plans/${i}/planId`,
    (it) => it.planId,
  );
  yield* checkWorkplaces(request, holdings);
  yield* checkPrefixes(request, holdings);
  yield* checkScopes(request, holdings);
}

function* checkWorkplaces(request: ImportReferenceRequest, holdings: Holdings): Problems {
  const kinds = new Map([
    ...holdings.institutions,
    ...request.institutions.map((it) => [it.institutionId, it.kind] as const),
  ]);
  yield* each(request.practitioners, '/practitioners', function* (practitioner, at) {
    const kind = kinds.get(practitioner.institutionId);
    yield* expect(kind !== undefined, `${at}/institutionId`, 'UNKNOWN_INSTITUTION');
    if (kind !== undefined) {
      yield* expect(kind === workplaceOf(practitioner.kind), `${at}/institutionId`, 'INSTITUTION_OF_OTHER_KIND');
    }
  });
}

/** A scanned pack must name one product. A prefix may move between drugs of the same import. */
function* checkPrefixes(request: ImportReferenceRequest, holdings: Holdings): Problems {
  const imported = new Set(request.drugs.map((drug) => drug.drugCode));
  const taken = new Map<string, string>();
  for (const [prefix, owner] of holdings.prefixes) if (!imported.has(owner)) taken.set(prefix, owner);
  for (const [index, drug] of request.drugs.entries()) {
    for (const [place, prefix] of drug.tracePrefixes.entries()) {
      yield* expect(!taken.has(prefix), `/drugs/${index}/tracePrefixes/${place}`, 'PREFIX_TAKEN');
      taken.set(prefix, drug.drugCode);
    }
  }
}

/** Read copies find plans by scope, so a plan keeps its scope and a scope its plan. */
function* checkScopes(request: ImportReferenceRequest, holdings: Holdings): Problems {
  const plans = new Map(holdings.planOfScope);
  for (const [index, plan] of request.plans.entries()) {
    const scope = scopeOf(plan);
    yield* expect((plans.get(scope) ?? plan.planId) === plan.planId, `/plans/${index}`, 'SCOPE_TAKEN');
    yield* expect(
      (holdings.scopeOfPlan.get(plan.planId) ?? scope) === scope,
      `/plans/${index}/planId`,
      'PLAN_CHANGES_SCOPE',
    );
    plans.set(scope, plan.planId);
  }
}
