import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox, messagingMigrations, outgoing, startRelay } from '@erx/messaging';
import { type Database, inTransaction, migrate, openDatabase } from '@erx/postgres';
import { SystemServiceDefinition } from '@erx/proto/common/v1/system_service';
import { DispensingServiceDefinition } from '@erx/proto/dispensing/v1/dispensing_service';
import type { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { type EventType, events } from '@erx/proto/topics';
import { connect } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines, eventually, fixedClock, freshDatabase, freshNamespace, secretFile, seededRandom } from '@erx/testkit';
import { makeRxTraceCode, rxQr } from '@erx/values';
import type { SaleTiming } from '../src/commands/sale/timing.ts';
import { readConfig } from '../src/config.ts';
import { startDispensing } from '../src/service.ts';
import { FakePeers, insurance } from './fake-peers.ts';
import { D1, H1, makeReference, NOW } from './world.ts';

/** Dispensing on the real engines, with clients as the gateway and as issuing, fake peers on real ports, and issuing's topic. */
export async function startTestDispensing({ sweepMs, ...timing }: Partial<SaleTiming> & { sweepMs?: number } = {}) {
  await using stack = new AsyncDisposableStack();
  const peers = new FakePeers();
  const clock = fixedClock(NOW);
  const addresses = await peers.start(clock, stack);
  const brokers = await freshNamespace();
  const env = {
    ERX_DATABASE_URL: await freshDatabase('dispensing'),
    ERX_KAFKA_BROKERS: brokers.join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_REGISTRY_URL: '127.0.0.1:1',
    ...addresses,
    ERX_QR_KEY_FILE: secretFile('qr.key'),
    ERX_LOG_LEVEL: process.env['ERX_LOG_LEVEL'] ?? 'silent',
  };
  const reference = makeReference();
  // Nobody sweeps unless a test asks for it: what the clock does is then seen where it is decided.
  const start = async ({ sweepMs = 3_600_000, ...change }: Partial<SaleTiming> & { sweepMs?: number } = {}) => {
    const overrides = { clock, reference, timing: { lookMs: 25, ...timing, ...change }, sweepMs };
    const process = await startDispensing(readConfig(env), overrides);
    const port = `127.0.0.1:${process.port}`;
    const client = connect(DispensingServiceDefinition, port, env.ERX_TLS_DIR, 'gateway');
    const asIssuing = connect(DispensingServiceDefinition, port, env.ERX_TLS_DIR, 'issuing');
    const system = connect(SystemServiceDefinition, port, env.ERX_TLS_DIR, 'gateway', 'dispensing');
    return {
      client,
      asIssuing,
      system,
      async [Symbol.asyncDispose]() {
        await Promise.all([client, asIssuing, system].map((each) => each[Symbol.asyncDispose]()));
        await process[Symbol.asyncDispose]();
      },
    };
  };
  const service = stack.use(await start(sweepMs === undefined ? {} : { sweepMs }));
  const database = stack.adopt(openDatabase(env.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const issuing = await openWriter(stack, brokers, 'issuing');
  const registry = await openWriter(stack, brokers, 'registry');
  let revision = 0n;
  const owned = stack.move();
  return {
    ...service,
    /** Stops this process of the service, draining; engines and peers stay. */
    stop: () => service[Symbol.asyncDispose](),
    /** Another process of the same service, with other timing if need be. */
    startAnother: start,
    clock,
    database,
    peers,
    /** Publishes a prescription and waits until it has arrived. */
    async circulate(change: Partial<PrescriptionCirculating> = {}): Promise<PrescriptionCirculating> {
      const issued = prescription(change);
      await publish(issuing, issued);
      const { prescriptionId } = issued;
      await eventually(async () => {
        const rows = await database.sql`select 1 from prescription where prescription_id = ${prescriptionId}`;
        return rows.count === 1;
      });
      return issued;
    },
    publish: (issued: PrescriptionCirculating) => publish(issuing, issued),
    /** Registry tells of a doctor; waits until it has been heard. */
    async tellOf(doctor: Practitioner): Promise<void> {
      revision += 1n;
      const content = { context: undefined, practitioner: doctor, revision };
      const address = { source: 'registry', key: doctor.practitionerId, at: new Date() };
      const event = outgoing('erx.registry.v1.PractitionerPublished', content, address);
      await inTransaction(registry, (tx) => appendToOutbox(tx, [event]));
      await eventually(async () => (await database.sql`select from inbox where event_id = ${event.id}`).count === 1);
    },
    /** This service's events about a prescription, oldest first. */
    async eventsOf(prescriptionId: string) {
      const rows = await database.sql<{ type: EventType; payload: Uint8Array; headers: string }[]>`
        select type, payload, headers from outbox where key = ${prescriptionId} order by seq`;
      return rows.map(({ type, payload, headers }) => ({
        type: type.split('.').at(-1),
        headers: JSON.parse(headers) as Record<string, string>,
        payload: events[type].codec.decode(payload) as unknown as Record<string, unknown>,
      }));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export type TestDispensing = Awaited<ReturnType<typeof startTestDispensing>>;

async function openWriter(stack: AsyncDisposableStack, brokers: string[], service: string): Promise<Database> {
  const database = stack.adopt(openDatabase(await freshDatabase(service), 2, 'test'), (it) => it.close());
  await migrate(database, [messagingMigrations]);
  stack.use(startRelay({ database, brokers, service, log: createLogger('test', 'silent') }));
  return database;
}

async function publish(issuing: Database, issued: PrescriptionCirculating): Promise<void> {
  const address = { source: 'issuing', key: issued.prescriptionId, at: new Date(), territory: ['420106'] };
  const event = outgoing('erx.issuing.v1.PrescriptionCirculating', issued, address);
  await inTransaction(issuing, (tx) => appendToOutbox(tx, [event]));
}

const random = seededRandom('trace codes of prescriptions');

/** Two packs of D1 for a new person. */
export function prescription(change: Partial<PrescriptionCirculating> = {}): PrescriptionCirculating {
  const sealed = new Uint8Array([1, 2, 3]);
  const prescriptionId = randomUUID();
  return {
    context: undefined,
    prescriptionId,
    hiRxno: `HI-${prescriptionId}`,
    rxTraceCode: makeRxTraceCode(random),
    hospitalId: H1.institutionId,
    doctorId: 'D420106000001',
    hospitalPharmacistId: 'HY420106000001',
    patient: { personId: randomUUID(), nameSealed: sealed, identitySealed: sealed, phoneSealed: sealed },
    documentSealed: sealed,
    documentSm3: 'ab'.repeat(32),
    category: '110202',
    diagnoses: [{ code: 'C34.900x001', name: '肺恶性肿瘤' }],
    lines: [writtenLine(1, 20_000n)],
    prescribedAt: new Date('2025-06-06T08:30:00+08:00'),
    validUntil: new Date('2025-06-09T08:30:00+08:00'),
    evidence: [],
    insurance,
    replaces: '',
    ...change,
  };
}

export function writtenLine(lineNo: number, quantity: bigint) {
  const { drugCode, genericName, specification } = D1;
  return { lineNo, drugCode, genericName, specification, quantity, days: 60, usage: '口服', drugClass: 'SEPARATE_PAY' };
}

export function qrOf({ rxTraceCode }: PrescriptionCirculating): string {
  const key = readFileSync(secretFile('qr.key'));
  return rxQr(rxTraceCode, createHmac('sha256', key).update(rxTraceCode).digest());
}

export function answered<T extends object>(outcome: T | Refused): T {
  assert.ok(!isRefused(outcome), `refused: ${refusals(outcome).join()}`);
  return outcome;
}

/** `CODE /pointer` of every refusal; nothing for an accepted request. */
export function refusals(outcome: object): string[] {
  if (!isRefused(outcome)) return [];
  return outcome.refused.map(({ code, field }) => (field === undefined ? code : `${code} ${field}`));
}
