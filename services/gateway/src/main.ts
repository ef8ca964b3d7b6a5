import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startGateway } from './service.ts';

await runService('gateway', (env) => startGateway(readConfig(env)));
