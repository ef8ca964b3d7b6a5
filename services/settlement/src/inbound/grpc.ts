import { refuse } from '@erx/errors';
import { type Database, inTransaction } from '@erx/postgres';
import { SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import type { Lookups } from '@erx/reference';
import { type ServedContract, serve, withIds } from '@erx/rpc';
import { actOf } from '../act.ts';
import { reverse } from '../commands/reverse.ts';
import { settle } from '../commands/settle.ts';
import { quote } from '../queries/quote.ts';

export function settlementContract(deps: {
  database: Database;
  reference: Lookups;
  quoteKey: Uint8Array;
}): ServedContract {
  const { database, reference } = deps;
  return serve(SettlementServiceDefinition, {
    quote: {
      operation: 'internal',
      handle: async ({ basis }, call) =>
        basis === undefined ? refuse('REQUEST_INVALID', undefined, '/basis') : quote(deps, basis, call),
    },
    settle: {
      operation: 'internal',
      handle: withIds(['saleId'], (request, call) => settle(deps, request, call)),
    },
    reverse: {
      operation: 'internal',
      handle: withIds(['saleId', 'prescriptionId'], (sale, call) =>
        inTransaction(database, (tx) =>
          reverse(tx, sale, (pharmacyId) => actOf(call, pharmacyId, reference), reference, call.causationId),
        ),
      ),
    },
  });
}
