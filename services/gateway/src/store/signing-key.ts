import { type Database, inTransaction } from '@erx/postgres';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** The ES256 key that signs access tokens, the same for all replicas; made when there is none. */
export async function ensureSigningKey(database: Database): Promise<JWK> {
  return inTransaction(database, async (tx) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const made = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'access-1' };
    await tx.sql`insert into signing_key (private_jwk) values (${JSON.stringify(made)}) on conflict do nothing`;
    const [row] = await tx.sql<{ private_jwk: string }[]>`select private_jwk from signing_key`;
    if (row === undefined) throw new Error('the signing key has no row');
    return JSON.parse(row.private_jwk) as JWK;
  });
}
