import type { Sql } from '@erx/postgres';
import { isInvalid, openCheckpoint } from '@erx/tlog';
import { type LogKeys, readLogKeys } from '../outbound/log-keys.ts';
import { openOutside } from '../outbound/outside-checkpoint.ts';
import { allLogs, type Log, readEntriesFrom } from '../store/log-store.ts';
import { examineLog } from './examine-log.ts';

export type LogVerdict = {
  logs: (Log & { checkpoints: number })[];
  /** What is not as it was signed, in words; empty for a sound log. At most 100. */
  findings: string[];
};

const MOST_FINDINGS = 100;

/**
 * Recomputes every log of a database at one instant, and compares the open one with the checkpoint kept outside. The
 * database may be in use.
 */
export async function verifyLog(sql: Sql, keyFile: string, logDir: string): Promise<LogVerdict> {
  const keys = await readLogKeys(keyFile);
  // Before the database: what it says was true then.
  const outside = await (await openOutside(logDir)).read();
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    const logs = await allLogs(tx);
    const findings: string[] = [];
    for (const log of logs) {
      const name = `log ${log.origin}`;
      if (log.logId > 1) findings.push(...(await firstEntryProblems(tx, keys, log, logs[log.logId - 2])));
      for await (const { index, what } of examineLog(tx, keys, log)) {
        findings.push(`${name}, index ${index}: ${what}`);
        if (findings.length >= MOST_FINDINGS) break;
      }
    }
    const unlogged = await tx<{ eventId: string }[]>`
      select event_id as "eventId" from entry
      where not exists (select from log_leaf where log_leaf.event_id = entry.event_id) limit 20`;
    findings.push(...unlogged.map(({ eventId }) => `event ${eventId} is in no log`));
    const last = logs.at(-1);
    if (outside !== undefined && last !== undefined) findings.push(...(await outsideProblems(tx, keys, last, outside)));
    const counts = await tx<{ logId: number; count: bigint }[]>`
      select log_id as "logId", count(*) as count from log_checkpoint group by log_id`;
    const signed = new Map(counts.map(({ logId, count }) => [logId, Number(count)]));
    return { logs: logs.map((log) => ({ ...log, checkpoints: signed.get(log.logId) ?? 0 })), findings };
  });
}

type Query = Parameters<typeof allLogs>[0];

/** A log that follows another begins with the last checkpoint of that. */
async function firstEntryProblems(sql: Query, keys: LogKeys, log: Log, before: Log | undefined): Promise<string[]> {
  const [entry] = await readEntriesFrom(sql, log.logId, 0, 1);
  const note = new TextDecoder().decode(entry);
  const opened = openCheckpoint(note, keys.verifiers(note.split('\n', 1)[0] ?? ''));
  if (isInvalid(opened)) return [`log ${log.origin}, index 0: ${opened.invalid}`];
  const isOfAnother = before === undefined || opened.checkpoint.origin === log.origin;
  return isOfAnother ? [`log ${log.origin}, index 0: not the checkpoint of an earlier log`] : [];
}

async function outsideProblems(sql: Query, keys: LogKeys, log: Log, note: string): Promise<string[]> {
  const opened = openCheckpoint(note, keys.verifiers(log.origin));
  if (isInvalid(opened)) return [`the checkpoint kept outside the database: ${opened.invalid}`];
  const { size } = opened.checkpoint;
  const [kept] = await sql<{ note: string }[]>`
    select note from log_checkpoint where log_id = ${log.logId} and size = ${size}`;
  if (kept?.note.startsWith(opened.note.text)) return [];
  if (kept !== undefined)
    return [`log ${log.origin}, index ${size - 1}: the checkpoint kept outside the database is of another tree`];
  return size > log.size
    ? [`log ${log.origin}, index ${log.size}: the checkpoint kept outside has ${size} leaves`]
    : [];
}
