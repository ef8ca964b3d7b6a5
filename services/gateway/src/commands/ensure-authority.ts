import { readFile } from 'node:fs/promises';
import { type Database, inTransaction } from '@erx/postgres';
import { saveClient } from '../store/clients.ts';

/** Client id of the first authority, who registers everybody else. */
export const AUTHORITY = 'authority';
const NATION = '100000';

/** At start: the first authority has the key that the operator put into the file. */
export async function ensureAuthority(database: Database, jwkFile: string, at: Date): Promise<void> {
  const { d: privatePart, ...jwk } = JSON.parse(await readFile(jwkFile, 'utf8')) as { d?: string };
  if (privatePart !== undefined) throw new Error('the authority’s key file holds a private key: only the public one');
  await inTransaction(database, (tx) =>
    saveClient(
      tx,
      {
        clientId: AUTHORITY,
        role: 'AUTHORITY',
        institutionId: '',
        division: NATION,
        name: '医保管理机构 root authority',
        jwks: JSON.stringify({ keys: [jwk] }),
      },
      at,
    ),
  );
}
