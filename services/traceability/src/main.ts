import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startTraceability } from './service.ts';

await runService('traceability', (env) => startTraceability(readConfig(env)));
