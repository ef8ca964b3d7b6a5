import { DispensingServiceDefinition } from '@erx/proto/dispensing/v1/dispensing_service';
import { type ServedContract, serve } from '@erx/rpc';
import { resume } from '../commands/circulation/resume.ts';
import { withdraw } from '../commands/circulation/withdraw.ts';
import { handOver } from '../commands/hand-over.ts';
import { lock } from '../commands/lock.ts';
import { quote } from '../commands/quote.ts';
import { releaseLock } from '../commands/release-lock.ts';
import { reverseSale } from '../commands/reversal/reverse-sale.ts';
import { review } from '../commands/review.ts';
import type { SaleDriver } from '../commands/sale/sale-driver.ts';
import { sell } from '../commands/sale/sell.ts';
import { viewHistory } from '../commands/view-history.ts';
import type { Deps } from '../deps.ts';
import { find } from '../queries/find.ts';
import { getSale } from '../queries/get-sale.ts';
import { listAgentPurchases } from '../queries/list-agent-purchases.ts';
import { listPharmacies } from '../queries/list-pharmacies.ts';

export function dispensingContract(deps: Deps & { sales: SaleDriver }): ServedContract {
  return serve(DispensingServiceDefinition, {
    find: { operation: 'prescription.find', handle: (request, call) => find(deps, request, call) },
    listPharmacies: { operation: 'pharmacy.list', handle: (request, call) => listPharmacies(deps, request, call) },
    lock: { operation: 'prescription.lock', handle: (request, call) => lock(deps, request, call) },
    releaseLock: { operation: 'prescription.release', handle: (request, call) => releaseLock(deps, request, call) },
    viewHistory: { operation: 'history.view', handle: (request, call) => viewHistory(deps, request, call) },
    review: { operation: 'prescription.review', handle: (request, call) => review(deps, request, call) },
    quote: { operation: 'sale.quote', handle: (request, call) => quote(deps, request, call) },
    sell: { operation: 'sale.sell', handle: (request, call) => sell(deps, request, call) },
    handOver: { operation: 'sale.hand-over', handle: (request, call) => handOver(deps, request, call) },
    reverseSale: { operation: 'sale.reverse', handle: (request, call) => reverseSale(deps, request, call) },
    listAgentPurchases: {
      operation: 'agent-register.read',
      handle: (request, call) => listAgentPurchases(deps.database, request, call),
    },
    withdraw: { operation: 'internal', handle: (request, call) => withdraw(deps, request, call) },
    resume: { operation: 'internal', handle: (request, call) => resume(deps, request, call) },
    getSale: { operation: 'sale.read', handle: (request, call) => getSale(deps.database, request, call) },
  });
}
