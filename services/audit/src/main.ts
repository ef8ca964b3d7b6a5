import { runService } from '@erx/rpc';
import { readConfig } from './config.ts';
import { startAudit } from './service.ts';

await runService('audit', (env) => startAudit(readConfig(env)));
