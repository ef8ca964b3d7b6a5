import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startIssuing } from './service.ts';

await runService('issuing', (env) => startIssuing(readConfig(env)));
