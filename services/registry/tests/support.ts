import { openDatabase } from '@erx/postgres';
import type { Drug, Institution, Plan, Practitioner } from '@erx/proto/registry/v1/registry_events';
import { type ImportReferenceRequest, RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { actorOf, type CallContext, connect } from '@erx/rpc';
import { engines, freshDatabase, freshNamespace } from '@erx/testkit';
import { readConfig } from '../src/config.ts';
import { startRegistry } from '../src/service.ts';

/** A registry of its own on the real engines, with a client as the gateway and one as verification. */
export async function startTestRegistry(options: { sandbox?: boolean } = {}) {
  const env = {
    ERX_DATABASE_URL: await freshDatabase('registry'),
    ERX_DATABASE_CONNECTIONS: '4',
    ERX_KAFKA_BROKERS: (await freshNamespace()).join(','),
    ERX_GRPC_LISTEN: '127.0.0.1:0',
    ERX_TLS_DIR: engines().tls,
    ERX_SANDBOX: String(options.sandbox ?? false),
    ERX_LOG_LEVEL: 'silent',
  };
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(openDatabase(env.ERX_DATABASE_URL, 2, 'test'), (it) => it.close());
  const start = async () => {
    const service = await startRegistry(readConfig(env));
    const address = `127.0.0.1:${service.port}`;
    const gateway = connect(RegistryServiceDefinition, address, env.ERX_TLS_DIR, 'gateway');
    const verification = connect(RegistryServiceDefinition, address, env.ERX_TLS_DIR, 'verification');
    return {
      gateway,
      verification,
      async stop() {
        await gateway[Symbol.asyncDispose]();
        await verification[Symbol.asyncDispose]();
        await service[Symbol.asyncDispose]();
      },
    };
  };
  let running = await start();
  stack.defer(() => running.stop());
  const owned = stack.move();
  return {
    database,
    brokers: env.ERX_KAFKA_BROKERS.split(','),
    get gateway() {
      return running.gateway;
    },
    get verification() {
      return running.verification;
    },
    async restart() {
      await running.stop();
      running = await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The authority's own call; every key is a new request, and its hash stands for the body. */
export function authority(key: string, hash = key): CallContext {
  const actor = actorOf({ clientId: 'authority-1', role: 'AUTHORITY', division: '100000' });
  return { actor, request: { clientId: actor.clientId, key, hash } };
}

export const open = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };
export const nothing: ImportReferenceRequest = { institutions: [], practitioners: [], drugs: [], plans: [] };
const key = {
  keyId: 'k1',
  publicKey: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]).toString('base64'),
  valid: open,
};

export function hospital(change: Partial<Institution> = {}): Institution {
  return {
    institutionId: 'H42010600001',
    kind: 'HOSPITAL',
    name: '样例医院',
    division: '420106',
    poolingRegion: '420100',
    level: 3,
    insuranceDesignated: [open],
    designations: [{ role: 'DUAL', status: 'ACTIVE', period: open }],
    connection: 'CONNECTED',
    coldChain: true,
    diseases: [],
    keys: [],
    ...change,
  };
}

export function doctor(change: Partial<Practitioner> = {}): Practitioner {
  return {
    practitionerId: 'D420106000001',
    kind: 'DOCTOR',
    name: '样例医师',
    institutionId: 'H42010600001',
    title: 'CHIEF',
    specialty: '肿瘤科',
    licensed: [open],
    insuredPhysician: [open],
    filings: [{ scheme: 'RESPONSIBLE', status: 'FILED', period: open }],
    keys: [key],
    ...change,
  };
}

export function drug(change: Partial<Drug> = {}): Drug {
  return {
    drugCode: 'XL01EBA339A001010101234',
    genericName: '甲磺酸奥希替尼片',
    dosageForm: '片剂',
    specification: '80mg',
    packUnit: '盒',
    unitsPerPack: 30,
    negotiated: true,
    injectable: false,
    coldChain: false,
    controlled: '',
    entries: [{ region: '420000', drugClass: 'SEPARATE_PAY', listed: open, scopeDiagnoses: ['C34'], version: 1 }],
    standards: [{ region: '420000', unitPrice: 5_580_000_000n, valid: open }],
    tracePrefixes: ['8100001'],
    ...change,
  };
}

export function plan(change: Partial<Plan> = {}): Plan {
  return {
    planId: 'HB-WH-EMP',
    poolingRegion: '420100',
    insuranceType: '310',
    category: '110202',
    versions: [
      {
        version: 1,
        valid: open,
        firstSelfBp: 1_000,
        deductibleFen: 0n,
        basicBp: 8_000,
        ceilingFen: undefined,
        seriousBp: 0,
        seriousThresholdFen: 0n,
        aidBp: 0,
      },
    ],
    ...change,
  };
}

export const world = (): ImportReferenceRequest => ({
  institutions: [hospital()],
  practitioners: [doctor()],
  drugs: [drug()],
  plans: [plan()],
});

/** `pointer problem` of every refusal, sorted; or the answer itself. */
export function shown(outcome: object): unknown {
  if (!('refused' in outcome)) return outcome;
  const refused = outcome.refused as { code: string; field?: string; detail?: Record<string, string> }[];
  return refused.map(({ code, field, detail }) => [code, field, detail?.['problem']].filter(Boolean).join(' '));
}
