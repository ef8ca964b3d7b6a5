import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox, messagingMigrations, type OutgoingEvent, outgoing, startRelay } from '@erx/messaging';
import { inTransaction, migrate, openDatabase } from '@erx/postgres';
import { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import { connect } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, eventually, fixedClock, freshDatabase, freshNamespace, secretFile } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { D1, D3, D7, D8, DR1, DR2, DR9, H1, H3, ISSUED_AT, profiles } from '../src/domain/precheck.fixture.ts';
import { startIssuing } from '../src/service.ts';
import { startFakeDispensing, startFakeVerification } from './fake-peers.ts';
import { startFakeRegistry } from './fake-registry.ts';

const log = createLogger('test', 'silent');

/** Issuing on the real engines, amid a registry that answers as told, with somebody who publishes others' events. */
export async function startTestIssuing() {
  await using stack = new AsyncDisposableStack();
  const brokers = await freshNamespace();
  const url = await freshDatabase('issuing');
  const others = stack.adopt(openDatabase(await freshDatabase('others'), 2, 'others'), (it) => it.close());
  await migrate(others, [messagingMigrations]);
  stack.use(startRelay({ database: others, brokers, service: 'others', log }));
  const published = () =>
    eventually(async () => {
      const [left] = await others.sql<{ n: number }[]>`
        select count(*)::int as n from outbox where published_at is null`;
      return left?.n === 0;
    });
  const publish = async (...events: OutgoingEvent[]): Promise<void> => {
    await inTransaction(others, (tx) => appendToOutbox(tx, events));
    await published();
  };
  const republish = async (ids: string[]): Promise<void> => {
    await others.sql`update outbox set published_at = null where event_id = any(${ids}::uuid[])`;
    await published();
  };
  await publish(...worldEvents());
  const registry = stack.use(await startFakeRegistry());
  const dispensing = stack.use(await startFakeDispensing());
  const verification = stack.use(await startFakeVerification());
  const clock = fixedClock(ISSUED_AT.toISOString());
  const env = {
    ERX_DATABASE_URL: url,
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_KAFKA_BROKERS: brokers.join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: registry.address,
    ERX_DISPENSING_URL: dispensing.address,
    ERX_VERIFICATION_URL: verification.address,
    ERX_QR_KEY_FILE: secretFile('qr.key'),
    ERX_LOG_LEVEL: 'silent',
  };
  const service = stack.use(await startIssuing(readConfig(env), { clock }));
  const as = (name: string) =>
    stack.use(connect(IssuingServiceDefinition, `127.0.0.1:${service.port}`, env.ERX_TLS_DIR, name));
  const gateway = as('gateway');
  const asVerification = as('verification');
  const database = stack.adopt(openDatabase(url, 2, 'test'), (it) => it.close());
  const owned = stack.move();
  return {
    gateway,
    asVerification,
    database,
    registry,
    dispensing,
    verification,
    clock,
    publish,
    republish,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function worldEvents(): OutgoingEvent[] {
  const address = (key: string) => ({ source: 'registry', key, at: new Date(0) });
  const context = undefined;
  const from = new Date('2021-04-22T00:00:00+08:00');
  const profile = (code: keyof typeof profiles, division: string) => {
    const values = Buffer.from(JSON.stringify(code === 'national' ? profiles.national : profiles[code].values));
    const versions = [{ version: 1, effective: { from, to: undefined }, values }];
    const payload = { context, code, division, parent: '', versions, revision: 1n };
    return outgoing('erx.registry.v1.ProfilePublished', payload, address(code));
  };
  return [
    profile('national', '100000'),
    profile('hubei', '420000'),
    profile('jilin', '220000'),
    ...[H1, H3].map((institution) =>
      outgoing(
        'erx.registry.v1.InstitutionPublished',
        { context, institution, revision: 1n },
        address(institution.institutionId),
      ),
    ),
    ...[DR1, DR2, DR9].map((practitioner) =>
      outgoing(
        'erx.registry.v1.PractitionerPublished',
        { context, practitioner, revision: 1n },
        address(practitioner.practitionerId),
      ),
    ),
    ...[D1, D3, D7, D8].map((drug) =>
      outgoing('erx.registry.v1.DrugPublished', { context, drug, revision: 1n }, address(drug.drugCode)),
    ),
  ];
}

/** The answer of a call that must not be refused. */
export function accepted<T extends object>(outcome: T | Refused): T {
  if (isRefused(outcome)) throw new Error(`refused: ${shown(outcome).join(', ')}`);
  return outcome as T;
}

/** `CODE field problem` of every refusal; [] for an answer. */
export function shown(outcome: object): string[] {
  if (!isRefused(outcome)) return [];
  return outcome.refused.map(({ code, field, detail }) => [code, field, detail?.['problem']].filter(Boolean).join(' '));
}
