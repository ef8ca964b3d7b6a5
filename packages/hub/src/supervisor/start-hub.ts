import { claimFolder } from '../engines/claim-folder.ts';
import { startClaimedEngines } from '../engines/engines.ts';
import { Failure } from '../failure.ts';
import { readVerifierKey } from '../log/log-places.ts';
import { keepSandboxWitnesses, type SandboxWitnesses } from '../log/sandbox-witnesses.ts';
import { hubFilePath } from '../paths.ts';
import { isFree } from '../ports.ts';
import type { Kept } from '../process/keep-alive.ts';
import type { Progress } from '../progress.ts';
import { serviceNames } from '../services.ts';
import { type HubFile, writeHubFile } from './hub-file.ts';
import { type Services, startServices } from './start-services.ts';

export type Hub = AsyncDisposable & {
  /** hub.json */
  file: string;
  url: string;
  /** Every process that is kept alive, by name. */
  kept: ReadonlyMap<string, Kept>;
  /** The world is there: whoever waits for the hub may begin. */
  announce(): void;
};

type Options = {
  dataDir: string;
  httpPort: number;
  /** It will be stopped within minutes. */
  isBrief?: boolean;
  /** The sandbox's witnesses cosign its log; a hub that soon ends goes without. */
  witnesses?: boolean;
  /** Settings of PostgreSQL beyond the usual ones. */
  postgresSettings?: Record<string, string>;
  /** All services in one process. */
  together?: boolean;
  progress: Progress;
  signal: AbortSignal;
};

const LOOK_AT_KEY_MS = 1_000;

/** Starts engines and services and keeps them alive. Disposing it drains the gateway, the services, then the engines. */
export async function startHub(options: Options): Promise<Hub> {
  const { dataDir, httpPort, isBrief = false, witnesses = !isBrief } = options;
  const { postgresSettings, together = false, progress, signal } = options;
  await using stack = new AsyncDisposableStack();
  stack.use(await claimFolder(dataDir));
  if (!(await isFree(httpPort))) {
    throw new Failure(`Port ${httpPort} is taken by another program. Choose another: ERX_HTTP_PORT=<port>.`);
  }
  const http = `127.0.0.1:${httpPort}`;
  const startedAt = new Date().toISOString();
  let state: HubFile['state'] = 'starting';
  let services: Services | undefined;
  let cosigners: SandboxWitnesses | undefined;
  let notedKey: string | undefined;
  const note = (): void => {
    if (services === undefined) return;
    const stopped = state === 'stopped';
    const verifierKey = readVerifierKey(engines.secrets);
    notedKey = verifierKey;
    if (verifierKey !== undefined && !stopped) cosigners?.watch(verifierKey);
    try {
      writeHubFile(dataDir, {
        state,
        ...(stopped ? {} : { pid: process.pid }),
        startedAt,
        gateway: { url: `http://${http}` },
        processes: stopped ? {} : { ...services.processes(), ...engines.processes() },
        adminUrl: engines.adminUrl,
        databases: engines.databases,
        brokers: engines.brokers,
        grpc: services.grpc,
        internal: services.internal,
        tls: engines.tls,
        secrets: engines.secrets,
        ...(verifierKey === undefined ? {} : { audit: { verifierKey, witnesses: cosigners?.witnesses ?? [] } }),
      });
    } catch (error) {
      progress(`hub.json could not be written: ${(error as Error).message}`); // the hub itself goes on
    }
  };
  const enter = (next: HubFile['state']): void => {
    state = next;
    note();
  };
  stack.defer(() => enter('stopped')); // before the folder is given free

  const engines = stack.use(
    await startClaimedEngines(dataDir, { progress, signal, isBrief, postgresSettings, onChange: note }),
  );
  signal.throwIfAborted();
  const logKey = readVerifierKey(engines.secrets);
  if (witnesses && logKey !== undefined) cosigners = await keepSandboxWitnesses({ dataDir, verifierKey: logKey });
  stack.use(cosigners);
  services = stack.use(
    await startServices({ dataDir, engines, http, witnesses: cosigners?.file, together, onChange: note }),
  );
  note();
  // A log that follows another has its name once it is signed, and a new key signs from a restart of audit on.
  const look = setInterval(() => readVerifierKey(engines.secrets) === notedKey || note(), LOOK_AT_KEY_MS);
  stack.defer(() => clearInterval(look));
  await services.untilReady(signal);
  progress(`${serviceNames.length} services are ready`);

  const owned = stack.move();
  const kept = Object.entries({ ...services.kept, ...engines.kept });
  return {
    file: hubFilePath(dataDir),
    url: `http://${http}`,
    kept: new Map(kept.filter((entry): entry is [string, Kept] => entry[1] !== undefined)),
    announce: () => enter('ready'),
    [Symbol.asyncDispose]() {
      enter('stopping');
      return owned.disposeAsync();
    },
  };
}
