import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startSettlement } from './service.ts';

await runService('settlement', (env) => startSettlement(readConfig(env)));
