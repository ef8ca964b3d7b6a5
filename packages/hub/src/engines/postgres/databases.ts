import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClient, type Sql } from '@erx/postgres';
import { keptPassword } from '../../secrets.ts';
import { perService, type ServiceName, serviceNames } from '../../services.ts';
import { scramVerifier } from './scram.ts';

/** Resolves when the server answers a query; throws the last reason after `timeoutMs`. */
export async function waitForServer(adminUrl: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const sql = connect(adminUrl);
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

/** One database per service, owned by a role of its own that sees no other. Repeating it changes nothing. */
export async function provisionDatabases(adminUrl: string, secretsDir: string): Promise<Record<ServiceName, string>> {
  const sql = connect(adminUrl);
  try {
    const roles = new Set((await sql`select rolname from pg_roles`).map((row) => row['rolname']));
    const databases = new Set((await sql`select datname from pg_database`).map((row) => row['datname']));
    for (const service of serviceNames) {
      const name = `erx_${service}`;
      const verifier = scramVerifier(keptPassword(secretsDir, `postgres-${service}`), randomBytes(16));
      await sql.unsafe(`${roles.has(name) ? 'alter' : 'create'} role ${name} login password '${verifier}'`);
      if (databases.has(name)) continue;
      await sql.unsafe(`grant ${name} to current_user`); // an external server's administrator may be no superuser
      await sql.unsafe(`create database ${name} owner ${name}`);
      await sql.unsafe(`revoke connect on database ${name} from public`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
  return perService((service) => {
    const url = new URL(adminUrl);
    url.username = `erx_${service}`;
    url.password = keptPassword(secretsDir, `postgres-${service}`);
    url.pathname = `/erx_${service}`;
    return url.href;
  });
}

function connect(url: string): Sql {
  return openClient(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
}
