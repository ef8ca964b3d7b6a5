import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { rewindConsumer } from '@erx/messaging';
import { logDirBeside } from '../log/log-places.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import type { Hub } from '../supervisor/start-hub.ts';
import { connect } from './connect.ts';

/** Events that audit took from Kafka into its record, history, numbers and signed log, and how many that were a second. */
export type AppendFigures = { entries: number; perSecond: number };

const DRAIN_MS = 10_000;
const LOOK_MS = 50;
/** So long without another entry means that all are there. */
const QUIET_MS = 3_000;
const PATIENCE_MS = 300_000;

/** Lets the audit service forget everything; the hub has to be started anew and audit reads every topic from its beginning. */
export async function forgetAudit(hub: Hub): Promise<void> {
  const file = readHubFile(hub.file);
  if (file === undefined) throw new Error('a living hub has its file');
  await hub.kept.get('audit')?.stop('SIGTERM', DRAIN_MS);
  await using sql = connect(file.adminUrl);
  await sql`drop database erx_audit with (force)`;
  await rewindConsumer(file.brokers, 'audit');
  rmSync(logDirBeside(file.secrets), { recursive: true, force: true });
}

/** From the first entry to the last one that was waiting. */
export async function watchAppending(hub: Hub, signal: AbortSignal): Promise<AppendFigures> {
  const url = readHubFile(hub.file)?.databases['audit'];
  if (url === undefined) throw new Error('a living hub has its databases');
  await using sql = connect(url);
  const size = async (): Promise<number> => Number((await sql`select size from log where is_open`)[0]?.['size'] ?? 0);
  const first = { at: performance.now(), size: await size() };
  let last = first;
  for (
    let now = first;
    now.at - last.at < QUIET_MS || last.size === 0;
    now = { at: performance.now(), size: await size() }
  ) {
    signal.throwIfAborted();
    if (now.at - first.at > PATIENCE_MS) throw new Error('audit does not come to an end');
    if (now.size > last.size) last = now;
    await sleep(LOOK_MS);
  }
  return { entries: last.size, perSecond: Math.round(((last.size - first.size) * 1_000) / (last.at - first.at)) };
}
