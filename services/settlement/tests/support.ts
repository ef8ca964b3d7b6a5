import { randomUUID } from 'node:crypto';
import { appendToOutbox, outgoing, startRelay } from '@erx/messaging';
import { inTransaction, openDatabase } from '@erx/postgres';
import type { SaleAbandoned, SaleCompleted } from '@erx/proto/dispensing/v1/dispensing_events';
import { type Basis, SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { ReferenceStore } from '@erx/reference';
import { actorOf, connect } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, eventually, fixedClock, freshDatabase, freshNamespace, secretFile } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { publishFixtures } from '../src/domain/fixtures.fixture.ts';
import { startSettlement } from '../src/service.ts';

export const NOON = '2025-06-06T12:00:00+08:00';
export const caller = { actor: actorOf({ clientId: 'p1', role: 'PHARMACY', institutionId: 'P42010600001', operator: 'till-1' }) };

/** A settlement service of its own on the real engines, with dispensing as client, and dispensing's topic to write to. */
export async function startTestSettlement() {
  const env = {
    ERX_DATABASE_URL: await freshDatabase('settlement'),
    ERX_KAFKA_BROKERS: (await freshNamespace()).join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: '127.0.0.1:1',
    ERX_QUOTE_KEY_FILE: secretFile('quote.key'),
    ERX_LOG_LEVEL: 'silent',
  };
  await using stack = new AsyncDisposableStack();
  const clock = fixedClock(NOON);
  const reference = new ReferenceStore();
  publishFixtures(reference);
  stack.use(await startSettlement(readConfig(env), { clock, reference }));
  return stack.move();
}
