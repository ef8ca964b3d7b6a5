import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines } from '../engines/last-lines.ts';
import { Failure } from '../failure.ts';
import { nodeFlags } from '../node-flags.ts';
import { hubFilePath, logPath } from '../paths.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import type { Context } from './context.ts';

/** Starts `hub` as a process that outlives this one, and waits until it is ready. */
export async function startHubApart({ dataDir, progress, signal }: Context): Promise<void> {
  const logFile = logPath(dataDir, 'hub');
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, '..', 'cli.ts'), 'hub'], {
    env: { ...process.env, ERX_DATA_DIR: dataDir },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  progress(`starting a hub that stays (process ${child.pid}, log ${logFile})`);
  for (;;) {
    const hub = readHubFile(hubFilePath(dataDir));
    if (hub?.state === 'ready' && hub.pid === child.pid) return;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Failure(`The hub did not start: ${lastLines(logFile, 1)}`);
    }
    if (signal.aborted) child.kill('SIGTERM');
    await sleep(200);
  }
}
