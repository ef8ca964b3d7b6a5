import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendToOutbox, outgoing } from '@erx/messaging';
import { type Database, inTransaction } from '@erx/postgres';
import { logPath } from '../paths.ts';
import type { Collector } from './collect-telemetry.ts';
import type { Person } from './needles.ts';
import type { Recorder } from './record-errors.ts';

/** Nobody of the sandbox: what is found of this person shows that the search works. */
export const planted: Person = { name: '漏齉龗', certNo: '998877194001019876', phone: '15498765432' };

const whole = Object.values(planted).join(' ');

/** Puts the planted person into every kind of place, as a careless line of code would; `speaker` sends an event of it. */
export async function plant(
  databases: readonly Database[],
  speaker: Database | undefined,
  dataDir: string,
  recorder: Recorder,
  collector: Collector,
): Promise<void> {
  if (speaker === undefined) throw new Error('no service speaks');
  for (const { sql } of databases) {
    await sql`create table planted (note text, bytes bytea)`;
    await sql`insert into planted values (${whole}, ${Buffer.from(whole)})`;
  }
  await inTransaction(speaker, (tx) => appendToOutbox(tx, [carelessRefusal()]));
  appendFileSync(logPath(dataDir, 'gateway'), `${JSON.stringify({ level: 50, msg: whole })}\n`);
  writeFileSync(join(dataDir, 'planted.txt'), whole);
  for (const text of Object.values(planted)) writeFileSync(join(dataDir, `planted-${text}`), '');
  recorder.answers.push({ place: 'planted', bytes: Buffer.from(whole) });
  for (const kind of ['traces', 'metrics']) await fetch(`${collector.url}/v1/${kind}`, { method: 'POST', body: whole });
}

/** Goes by outbox and broker to audit, like every refusal. */
function carelessRefusal() {
  const clientId = 'leak-check';
  const actor = { clientId, role: 'HOSPITAL', institutionId: '', operator: '', division: '' };
  return outgoing(
    'erx.access.v1.RequestRefused',
    {
      context: { actor, judgement: undefined },
      operation: 'prescription.read',
      subject: whole,
      refusals: [],
      unrecordedBefore: 0n,
    },
    { source: 'issuing', key: clientId, at: new Date() },
  );
}
