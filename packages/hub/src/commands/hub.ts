import { isClaimed } from '../engines/claim-folder.ts';
import { hubFilePath } from '../paths.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import { startHub } from '../supervisor/start-hub.ts';
import { aborted, type Context, httpPort } from './context.ts';
import { ensureWorld } from './sandbox.ts';

/** `npm run hub`: starts everything and stays until it is told to end. */
export async function hub(_args: string[], context: Context): Promise<number> {
  const { dataDir, progress, signal } = context;
  if (await isClaimed(dataDir)) {
    const living = readHubFile(hubFilePath(dataDir));
    console.log(
      `A hub already lives in ${dataDir}: ${living?.gateway.url ?? 'still starting'} (process ${living?.pid ?? 'unknown'}).`,
    );
    return 0;
  }
  await using running = await startHub({ dataDir, httpPort: httpPort(), progress, signal });
  await ensureWorld(context);
  running.announce();
  progress('the hub is ready');
  console.log(`
  API              ${running.url}
  API description  ${running.url}/openapi.json, readable at ${running.url}/docs
  what runs where  ${running.file}
  logs             ${dataDir}/logs
  Ctrl-C stops it.
`);
  await aborted(signal);
  progress('stopping');
  return 0;
}
