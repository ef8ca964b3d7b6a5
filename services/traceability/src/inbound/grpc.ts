import { type Database, inTransaction } from '@erx/postgres';
import { TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import { type ServedContract, serve, withIds } from '@erx/rpc';
import { actOf } from '../act.ts';
import { clearHandOver } from '../commands/clear-hand-over.ts';
import { importStock } from '../commands/import-stock.ts';
import { moveStock } from '../commands/move-stock.ts';
import { openPack } from '../commands/open-pack.ts';
import { recallBatch } from '../commands/recall-batch.ts';
import { receiveStock } from '../commands/receive-stock.ts';
import { releaseCodes } from '../commands/release-codes.ts';
import { reserveCodes } from '../commands/reserve-codes.ts';
import { returnSale } from '../commands/return-sale.ts';
import { checkSale } from '../queries/check-sale.ts';
import { getCode } from '../queries/get-code.ts';
import { getRecall } from '../queries/get-recall.ts';
import { listConflicts } from '../queries/list-conflicts.ts';
import { listStock } from '../queries/list-stock.ts';

export function traceabilityContract(deps: { database: Database; reference: Lookups }): ServedContract {
  const { database, reference } = deps;
  return serve(TraceabilityServiceDefinition, {
    importStock: {
      operation: 'stock.import',
      handle: ({ notes }, call) => importStock(deps, notes, call),
    },
    reserve: {
      operation: 'internal',
      handle: withIds(['saleId', 'prescriptionId'], (request, call) => reserveCodes(deps, request, call)),
    },
    release: {
      operation: 'internal',
      handle: withIds(['saleId', 'prescriptionId'], (sale, call) =>
        inTransaction(database, (tx) => releaseCodes(tx, sale, (holderId) => actOf(call, holderId, reference))),
      ),
    },
    returnSale: {
      operation: 'internal',
      handle: withIds(['saleId', 'prescriptionId'], (request, call) => returnSale(deps, request, call)),
    },
    checkSale: {
      operation: 'internal',
      handle: withIds(['saleId'], ({ saleId }) => checkSale(database, saleId)),
    },
    clearHandOver: {
      operation: 'internal',
      handle: withIds(['saleId'], ({ saleId }, call) => clearHandOver(deps, saleId, call.at)),
    },
    receiveStock: {
      operation: 'stock.receive',
      handle: (request, call) => receiveStock(deps, request, call),
    },
    moveStock: {
      operation: 'stock.move',
      handle: (request, call) => moveStock(deps, request, call),
    },
    openPack: {
      operation: 'stock.move',
      handle: ({ traceCode }, call) => openPack(deps, traceCode, call),
    },
    listStock: {
      operation: 'stock.read',
      handle: ({ drugCode }, call) => listStock(database, call.actor.institutionId, drugCode),
    },
    recallBatch: {
      operation: 'batch.recall',
      handle: (request, call) => recallBatch(deps, request, call),
    },
    getRecall: {
      operation: 'recall.read',
      handle: ({ recallId }, call) => getRecall(deps, recallId, call.actor),
    },
    listConflicts: {
      operation: 'conflict.read',
      handle: (request, call) => listConflicts(database, request, call.actor.division),
    },
    getCode: {
      operation: 'code.read',
      handle: ({ traceCode }, call) => getCode(database, traceCode, call.actor),
    },
  });
}
