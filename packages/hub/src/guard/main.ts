// Runs after the supervisor of a data folder has died without stopping what it ran: `main.ts <data folder> <process id>`.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftovers } from '../engines/leftovers.ts';
import { hubFilePath } from '../paths.ts';
import { readHubFile } from '../supervisor/hub-file.ts';

// A program that was being started at that moment needs a little to show by which arguments.
const SETTLE_MS = 200;

const [dataDir = '', supervisor = ''] = process.argv.slice(2);
const file = hubFilePath(dataDir);
if (readHubFile(file)?.pid === Number(supervisor)) rmSync(file, { force: true });
await sleep(SETTLE_MS);
await endLeftovers(dataDir);
