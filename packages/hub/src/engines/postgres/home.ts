import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderHash } from '../../paths.ts';
import { readOrCreate } from '../../write-atomically.ts';
import { type Account, serverAccount } from './account.ts';

/** Where binaries and database files lie, and whom the server runs as. */
export type Home = { binaries: string; data: string; account: Account };

const SYSTEM = '/var/lib/erx-hub';

/**
 * For an ordinary user everything lies in the data folder. For root the server runs as another user, who may be
 * unable to walk to the data folder (a clone below a folder of mode 700): then both lie below /var/lib, and the data
 * folder remembers where. A folder once made by an ordinary user stays where it is, also when root comes later.
 */
export function findHome(dataDir: string, version: string): Home {
  const folder = join(dataDir, 'postgres');
  mkdirSync(folder, { recursive: true });
  const own = { binaries: join(folder, `binaries-${version}`), data: join(folder, 'data') };
  const account = serverAccount(own.data);
  if (account === undefined || existsSync(own.data)) return { ...own, account };
  const name = `${folderHash(dataDir)}-${randomBytes(3).toString('hex')}`;
  const data = readOrCreate(locationFile(dataDir), () => join(SYSTEM, 'data', name)).toString();
  for (const open of [SYSTEM, dirname(data)]) {
    mkdirSync(open, { recursive: true });
    chmodSync(open, 0o755);
  }
  writeFileSync(ownerFile(data), `${dataDir}\n`);
  return { binaries: join(SYSTEM, `postgres-${version}`), data, account };
}

/** Names the database files below /var/lib that belong to a data folder. */
export const locationFile = (dataDir: string): string => join(dataDir, 'postgres', 'location');

/** Beside the database files: whose they are. `npm run doctor` finds those that nobody owns any more. */
export const ownerFile = (data: string): string => `${data}.owner`;

/** The database files of a data folder, if there are any yet. */
export function existingData(dataDir: string): string | undefined {
  if (existsSync(locationFile(dataDir))) return readFileSync(locationFile(dataDir), 'utf8');
  const own = join(dataDir, 'postgres', 'data');
  return existsSync(own) ? own : undefined;
}
