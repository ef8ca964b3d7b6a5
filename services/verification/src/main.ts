import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startVerification } from './service.ts';

await runService('verification', (env) => startVerification(readConfig(env)));
