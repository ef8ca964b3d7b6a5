import { setTimeout as sleep } from 'node:timers/promises';
import { isClaimed } from '../engines/claim-folder.ts';
import { Failure } from '../failure.ts';
import { hubFilePath } from '../paths.ts';
import { type HubFile, readHubFile } from './hub-file.ts';

const READY_MS = 300_000;

/** The hub that lives in a data folder, when it is ready; undefined when none lives there. */
export async function findLivingHub(dataDir: string, signal: AbortSignal): Promise<HubFile | undefined> {
  const deadline = Date.now() + READY_MS;
  while (await isClaimed(dataDir)) {
    const hub = readHubFile(hubFilePath(dataDir));
    if (hub?.state === 'ready') return hub;
    if (Date.now() > deadline) throw new Failure(`The hub in ${dataDir} does not become ready; see its logs there.`);
    await sleep(200, undefined, { signal });
  }
  return undefined;
}
