import { type Database, inTransaction } from '@erx/postgres';
import { TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import { type ServedContract, serve } from '@erx/rpc';
import { actOf } from '../act.ts';
import { importStock } from '../commands/import-stock.ts';
import { releaseCodes } from '../commands/release-codes.ts';
import { reserveCodes } from '../commands/reserve-codes.ts';
import { getCode } from '../queries/get-code.ts';

export function traceabilityContract(deps: { database: Database; reference: Lookups }): ServedContract {
  const { database, reference } = deps;
  return serve(TraceabilityServiceDefinition, {
    importStock: {
      operation: 'stock.import',
      handle: ({ notes }, call) => importStock(deps, notes, call),
    },
    reserve: {
      operation: 'internal',
      handle: (request, call) => reserveCodes(deps, request, call),
    },
    release: {
      operation: 'internal',
      handle: (sale, call) =>
        inTransaction(database, (tx) => releaseCodes(tx, sale, (holderId) => actOf(call, holderId, reference))),
    },
    getCode: {
      operation: 'code.read',
      handle: ({ traceCode }, call) => getCode(database, traceCode, call.actor),
    },
  });
}
