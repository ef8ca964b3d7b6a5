import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startRegistry } from './service.ts';

await runService('registry', (env) => startRegistry(readConfig(env)));
