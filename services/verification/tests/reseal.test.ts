import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import { citizenIdCheckDigit } from '@erx/values';
import { reseal } from '../src/commands/reseal.ts';
import { since } from '../src/domain/signer.fixture.ts';
import { countByHubKey } from '../src/store/person-keys.ts';
import { authorityCall, given, hospitalCall, startTestVerification } from './support.ts';

const hub = await startTestVerification();
test.after(() => hub[Symbol.asyncDispose]());
const another = await hub.startAnother();

const { database, wrapKeyFile } = hub;
const insurance = { poolingRegion: '420100', insuranceType: '310', status: 'ACTIVE', period: since, remoteFilings: [] };

function clearPerson(index: number) {
  const first17 = `99010119500101${String(index).padStart(3, '0')}`;
  const certNo = first17 + citizenIdCheckDigit(first17);
  return { certType: '01', certNo, name: `钱猋${'麤'.repeat(1 + (index % 3))}`, phone: `1549${1_000_000 + index}` };
}

async function importPersons(from: number, to: number): Promise<void> {
  const persons = Array.from({ length: to - from }, (_, index) => {
    return { person: clearPerson(from + index), insurances: [insurance], filings: [] };
  });
  given(await hub.gateway.importPersons({ persons }, authorityCall()));
}

/** Seals and opens: the person as identified and opened by this process of the service. */
async function passesThrough(index: number, gateway = hub.gateway): Promise<void> {
  const clear = clearPerson(index);
  const { person } = given(await gateway.identify({ person: clear }, hospitalCall()));
  const persons = [person as SealedPerson];
  const opened = given(await gateway.openPersons({ persons, operation: 'prescription.read' }, hospitalCall()));
  assert.deepEqual(opened.persons, [clear]);
}

function sealedNames(): string {
  const names = [...hub.registry.persons.values()].map(({ nameSealed }) => nameSealed);
  return createHash('sha256').update(Buffer.concat(names)).digest('hex');
}

const former = () =>
  readdirSync(dirname(wrapKeyFile))
    .filter((name) => /^person-wrap.key.[0-9a-f]{16}$/.test(name))
    .map((name) => join(dirname(wrapKeyFile), name));

function run(signal: AbortSignal, report = (_done: number, _all: number) => {}): Promise<string> {
  return reseal({
    database,
    keyFile: wrapKeyFile,
    replaceKey(path) {
      copyFileSync(wrapKeyFile, path);
      writeFileSync(`${wrapKeyFile}.new`, randomBytes(32));
      renameSync(`${wrapKeyFile}.new`, wrapKeyFile);
    },
    batch: 10,
    signal,
    report,
  });
}

test('a reseal that is cut off is continued under the same hub key, with traffic all the while', async () => {
  await importPersons(0, 60);
  const [before] = await countByHubKey(database.sql);
  const cut = new AbortController();
  await assert.rejects(
    run(cut.signal, () => cut.abort()),
    { name: 'AbortError' },
  );
  const halfway = await countByHubKey(database.sql);
  assert.deepEqual([...halfway.values()].sort(), [10, 50]);
  const [newId] = [...halfway.keys()].filter((id) => id !== before?.[0]);

  const done = new AbortController();
  const traffic = [0, 1, 2].map(async (lane) => {
    for (let round = 0; !done.signal.aborted; round += 1) {
      await passesThrough((lane * 17 + round * 7) % 60, round % 2 === 0 ? hub.gateway : another);
      await importPersons(60 + lane * 100 + round, 61 + lane * 100 + round);
    }
  });
  const reports: [number, number][] = [];
  const id = await run(AbortSignal.timeout(60_000), (...counts) => reports.push(counts));
  done.abort();
  await Promise.all(traffic);
  assert.equal(id, newId);
  assert.deepEqual([...(await countByHubKey(database.sql)).keys()], [id]);
  assert.ok(reports.length >= 5 && reports.every(([count, all]) => count <= all));
});

test('once no row uses a former hub key, everything opens without its file', async () => {
  const [file, ...more] = former();
  assert.ok(file !== undefined && more.length === 0);
  rmSync(file);
  const fresh = await hub.startAnother();
  for (const index of [0, 33, 59, 60]) await passesThrough(index, fresh);
});

test('each further run takes a further hub key, and changes no sealed byte', async () => {
  const sealed = sealedNames();
  const [[earlier] = []] = await countByHubKey(database.sql);
  const id = await run(AbortSignal.timeout(60_000));
  assert.notEqual(id, earlier);
  assert.equal(former().length, 1);
  assert.equal(sealedNames(), sealed);
  await passesThrough(7);
  await passesThrough(8, another);
});
