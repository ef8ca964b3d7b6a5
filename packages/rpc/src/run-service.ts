import { ConfigError } from '@erx/config';
import { createLogger, measureProcess, openExport } from '@erx/telemetry';

const DRAIN_MS = 10_000;

/**
 * Life of a service process: start, tell the supervisor, serve, and on SIGTERM, SIGINT or a lost supervisor drain and
 * leave. A second signal, or a drain that takes too long, ends the process at once.
 */
export async function runService(
  name: string,
  start: (env: NodeJS.ProcessEnv) => Promise<AsyncDisposable>,
): Promise<void> {
  const log = createLogger(name, process.env['ERX_LOG_LEVEL']);
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
  measureProcess();
  const exporting = await openExport(name, process.env);
  let service: AsyncDisposable;
  try {
    service = await start(process.env);
  } catch (error) {
    if (error instanceof ConfigError) log.fatal(error.message);
    else log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
  let leaving = false;
  const leave = async (): Promise<void> => {
    if (leaving) process.exit(1);
    leaving = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    await service[Symbol.asyncDispose]();
    await exporting[Symbol.asyncDispose]();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void leave());
  process.send?.({ type: 'ready' });
  log.info('ready');
}
