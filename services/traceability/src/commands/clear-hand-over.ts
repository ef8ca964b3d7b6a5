import { isRefused, type Refused } from '@erx/errors';
import { type Database, inTransaction } from '@erx/postgres';
import type { ClearHandOverResponse } from '@erx/proto/traceability/v1/traceability_service';
import { decide, evolve } from '../domain/trace-code.ts';
import { lockCodesOfSale, saveCodes } from '../store/code-store.ts';

/**
 * CX-14-3d 放行: the packages of a sale may be handed over. Here it is decided whether a recall or the hand-over came first,
 * by the lock on the packages: after the recall it is refused TRACE_CODE_RECALLED for each package that it stops; before it
 * the mark makes the recall list the package as HANDING_OVER.
 */
export async function clearHandOver(
  { database }: { database: Database },
  saleId: string,
  at: Date,
): Promise<ClearHandOverResponse | Refused> {
  return inTransaction(database, async (tx): Promise<ClearHandOverResponse | Refused> => {
    const codes = (await lockCodesOfSale(tx, saleId)).filter(({ handedOver }) => !handedOver);
    const decisions = codes.map((code) => ({ code, decision: decide(code, { type: 'Clear', at }) }));
    const refused = decisions.flatMap(({ decision }) => (isRefused(decision) ? decision.refused : []));
    if (refused.length > 0) return { refused };
    const cleared = decisions.map(({ code, decision }) =>
      (isRefused(decision) ? [] : decision.events).reduce(evolve, code),
    );
    await saveCodes(tx, cleared);
    return { cleared: cleared.length };
  });
}
