import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Allotment, cast, Director, importStock, plain, run, type Stage } from '@erx/sandbox';
import { eventually } from '@erx/testkit';
import { type HubInProcesses, startHubInProcesses } from '../src/hub-in-processes.ts';
import { serviceNames } from '../src/hub-settings.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../src/otlp-receiver.ts';
import { openSandbox, type Sandbox } from '../src/sandbox-in-process.ts';

/** Who is called by whom, and which topic makes whom do something, while one prescription goes its plain way. */
const edges = [
  'gateway calls verification',
  'gateway calls issuing',
  'gateway calls dispensing',
  'gateway calls audit',
  'issuing calls registry',
  'verification calls registry',
  'dispensing calls verification',
  'dispensing calls settlement',
  'dispensing calls traceability',
  'issuing tells dispensing by erx.issuing.prescription.v1',
  'issuing tells audit by erx.issuing.prescription.v1',
  'verification tells audit by erx.verification.check.v1',
  'dispensing tells issuing by erx.dispensing.prescription.v1',
  'dispensing tells settlement by erx.dispensing.prescription.v1',
  'dispensing tells traceability by erx.dispensing.prescription.v1',
  'dispensing tells audit by erx.dispensing.prescription.v1',
  'settlement tells audit by erx.settlement.settlement.v1',
  'traceability tells audit by erx.traceability.movement.v1',
];

/** The sale, from the till's request to the record of the last consequence. */
const wayOfASale = [
  'gateway POST /v1/prescriptions/:prescriptionId/sales',
  'gateway erx.dispensing.v1.DispensingService/Sell',
  'dispensing erx.dispensing.v1.DispensingService/Sell',
  'dispensing append erx.dispensing.prescription.v1',
  'traceability apply erx.dispensing.prescription.v1',
  'traceability append erx.traceability.movement.v1',
  'audit apply erx.traceability.movement.v1',
];

let receiver: OtlpReceiver;
let hub: HubInProcesses;
let sandbox: Sandbox;
/** Nanoseconds; the import of the world is over. */
let curtain: bigint;

/** Eight processes start, on a machine that may have other things to do. */
const timeout = 400_000;

before(
  async () => {
    receiver = await startOtlpReceiver();
    hub = await startHubInProcesses(() => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    }));
    sandbox = await openSandbox(hub.url);
    const allotment = new Allotment(sandbox.world.pharmacies, {});
    const plays = cast([plain], new Director(sandbox.world, allotment, 'trace'));
    await importStock(sandbox.authority, allotment.orders());
    const stage = await sandbox.stage();
    const [regulator] = stage.regulators;
    curtain = BigInt(Date.now()) * 1_000_000n;
    await run(stage, plays, 1, ({ expected, got }) => assert.equal(got, expected));
    assert.ok((await regulator?.page(0))?.ok);
    await readStream(regulator ?? assert.fail());
  },
  { timeout },
);
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

test('GJ-6b one trace goes through HTTP, gRPC, outbox, topic and consumer: the edges are exactly the declared ones', async () => {
  await eventually(async () => edges.every((edge) => edgesOf(played()).has(edge)), 30_000).catch(() => {});
  assert.deepEqual([...edgesOf(played())].sort(), [...edges].sort());
});

test('the trace of a sale has no gap from the request of the till to the record of its last consequence', async () => {
  const way = await eventually(async () => findWay(wayOfASale), 30_000);
  assert.equal(new Set(way.map(({ traceId }) => traceId)).size, 1);
});

test('a stream is one span at each of its three ends, with how much went through it', async () => {
  const stream = 'erx.audit.v1.AuditService/FollowEntries';
  const way = await eventually(
    async () => findWay(['gateway GET /v1/audit/stream', `gateway ${stream}`, `audit ${stream}`]),
    30_000,
  );
  const counts = way.map(({ attributes }) =>
    attributes.flatMap(({ key, value }) =>
      ['erx.entries', 'erx.checkpoints', 'erx.messages'].includes(key) ? [Number(value.intValue)] : [],
    ),
  );
  assert.equal(counts.flat().length, 4);
  assert.ok(
    counts.every(([first]) => Number(first) > 0),
    JSON.stringify(counts),
  );
});

test('every span of a trace has its parent in that trace, save the first', async () => {
  const orphans = (): string[] => {
    const spans = played();
    const known = new Set(spans.map(({ spanId }) => spanId));
    return spans.filter(({ parentSpanId: parent }) => parent && !known.has(parent)).map(({ name }) => name);
  };
  await eventually(async () => orphans().length === 0, 30_000).catch(() => {});
  assert.deepEqual(orphans(), []);
});

test('GJ-6b the metrics of every service arrive by OTLP under the names that Prometheus reads on its internal door', async () => {
  for (const name of serviceNames) {
    const shown = (await (await fetch(`http://${hub.internal[name]}/metrics`)).text()).matchAll(
      /^(\w+?)(_count)?[{ ]/gm,
    );
    const figures = [...shown]
      .map(([, figure = '']) => figure)
      .filter((figure) => /^erx_(?!.*_(bucket|sum)$)/.test(figure));
    const missing = () => figures.filter((figure) => !receiver.metrics.get(name)?.has(figure));
    await eventually(async () => missing().length === 0, 30_000).catch(() => {});
    assert.deepEqual([name, missing()], [name, []]);
    assert.ok(figures.includes('erx_outbox_oldest_seconds') && figures.includes('erx_database_up'));
    assert.equal(figures.includes('erx_http_duration_seconds'), name === 'gateway');
    assert.equal(figures.includes('erx_sales_in_flight'), name === 'dispensing');
    assert.equal(figures.includes('erx_checkpoint_age_seconds'), name === 'audit');
    assert.equal((await fetch(`http://${hub.internal[name]}/health/ready`)).status, 200);
  }
});

test('GJ-6e no name and no number of a person stands in a trace or a metric', async () => {
  const sent = [...receiver.texts].join('\n');
  assert.ok(sent.includes('erx.dispensing.v1.DispensingService/Sell'), 'there is something to search');
  const found = sandbox.world.persons.flatMap(({ record: { name, certNo, phone } }) =>
    [name, certNo, phone].filter((text) => sent.includes(text)),
  );
  assert.deepEqual(found, []);
});

test('a process that leaves sends its last spans first, and leaves in peace', async () => {
  await fetch(`${hub.url}/health/live`);
  assert.equal(await hub.stop('gateway'), 0);
  assert.ok(receiver.spans.some(({ name }) => name === 'GET /health/live'));
});

/** Until the first signed tree, which comes behind the entries that it holds. */
async function readStream(regulator: Stage['regulators'][number]): Promise<void> {
  const line = new AbortController();
  const response = await regulator.ask('/v1/audit/stream', {}, line.signal);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk);
    if (text.includes('\nevent: erx.stream.checkpoint\n')) break;
  }
  line.abort();
}

/** The spans of the prescription: not those of the world's import before it. */
function played(): ReceivedSpan[] {
  const requests = receiver.spans.filter(({ service, parentSpanId }) => service === 'gateway' && !parentSpanId);
  const late = requests.filter(({ startTimeUnixNano }) => BigInt(startTimeUnixNano) >= curtain);
  const traces = new Set(late.map(({ traceId }) => traceId));
  return receiver.spans.filter(({ traceId }) => traces.has(traceId));
}

function edgesOf(spans: readonly ReceivedSpan[]): Set<string> {
  const known = new Map(spans.map((span) => [span.spanId, span]));
  const found = spans.map(({ parentSpanId, service, name }) => {
    const parent = known.get(parentSpanId ?? '');
    if (parent === undefined || parent.service === service) return '';
    const topic = /^apply (.*)/.exec(name)?.[1];
    return topic === undefined
      ? `${parent.service} calls ${service}`
      : `${parent.service} tells ${service} by ${topic}`;
  });
  return new Set(found.filter((edge) => edge !== ''));
}

/** Spans of one trace by those names, each somewhere below the one before. */
function findWay(names: readonly string[]): ReceivedSpan[] | undefined {
  const spans = played();
  const known = new Map(spans.map((span) => [span.spanId, span]));
  const isBelow = (span: ReceivedSpan, above: ReceivedSpan): boolean => {
    const parent = known.get(span.parentSpanId ?? '');
    return parent !== undefined && (parent === above || isBelow(parent, above));
  };
  const named = (wanted: string): ReceivedSpan[] =>
    spans.filter(({ service, name }) => `${service} ${name}` === wanted);
  const [first = '', ...rest] = names;
  let ways = named(first).map((span) => [span]);
  for (const wanted of rest) {
    ways = ways.flatMap((way) =>
      named(wanted)
        .filter((span) => isBelow(span, way.at(-1) as ReceivedSpan))
        .map((span) => [...way, span]),
    );
  }
  return ways[0];
}
