import { parseArgs } from 'node:util';
import { verifyLog as verifyDatabase } from '@erx/audit/verify-log';
import { openDatabase } from '@erx/postgres';
import { claimFolder } from '../engines/claim-folder.ts';
import { provisionDatabases } from '../engines/postgres/databases.ts';
import { startPostgres } from '../engines/postgres.ts';
import { Failure } from '../failure.ts';
import { logDirBeside, logKeyFile, readVerifierKey } from '../log/log-places.ts';
import { verifyTiles } from '../log/verify-tiles.ts';
import { hubFilePath } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import type { Context } from './context.ts';

/**
 * `npm run verify-log`: recomputes the log of the living or the stopped hub from its database. With `--url <address>`
 * (and `--key <verifier key>`, `--witness <verifier key>` each) from what that address serves to everybody.
 */
export async function verifyLog(args: string[], context: Context): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { url: { type: 'string' }, key: { type: 'string' }, witness: { type: 'string', multiple: true } },
  });
  const known = readHubFile(hubFilePath(context.dataDir));
  if (values.url !== undefined) {
    const key = values.key ?? (known && readVerifierKey(known.secrets));
    if (key === undefined) throw new Failure('Name the public key of the log: --key <verifier key>.');
    const { origin, size, findings } = await verifyTiles(values.url.replace(/\/$/, ''), key, values.witness);
    return tell(findings, `log ${origin}: ${size} entries, tiles and the signed tree agree`);
  }
  if (known === undefined) throw new Failure(`There is no hub in ${context.dataDir}.`);
  const { secrets } = known;
  await using stack = new AsyncDisposableStack();
  const living = await findLivingHub(context.dataDir, context.signal);
  const url = living?.databases.audit ?? (await startStopped(context, secrets, stack));
  const database = stack.adopt(openDatabase(url, 1, 'verify-log'), (it) => it.close());
  const { logs, findings } = await verifyDatabase(database.sql, logKeyFile(secrets), logDirBeside(secrets));
  const sound = logs.map(
    ({ origin, size, checkpoints }) =>
      `log ${origin}: ${size} entries, ${checkpoints} checkpoints agree with the record`,
  );
  return tell(findings, sound.join('\n') || 'there is no log yet');
}

/** The database of a hub that does not live; it stops with the stack. */
async function startStopped(
  { dataDir, signal }: Context,
  secrets: string,
  stack: AsyncDisposableStack,
): Promise<string> {
  stack.use(await claimFolder(dataDir));
  const { postgres: port } = await choosePorts(dataDir, ['postgres']);
  const server = await startPostgres({ dataDir, secretsDir: secrets, port, signal, onChange: () => {} });
  stack.defer(async () => server.process?.stop('SIGINT', 4_000));
  return (await provisionDatabases(server.adminUrl, secrets)).audit;
}

function tell(findings: readonly string[], sound: string): number {
  console.log(findings.length === 0 ? sound : findings.map((finding) => `✗ ${finding}`).join('\n'));
  console.log(findings.length === 0 ? 'the log is sound' : `the log is NOT sound: ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}
