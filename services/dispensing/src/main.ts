import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startDispensing } from './service.ts';

await runService('dispensing', (env) => startDispensing(readConfig(env)));
