import { readFileSync } from 'node:fs';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import postgres from 'postgres';

const TLS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

/**
 * Reads TLS out of a database's address in libpq's own words, so that psql and pg_dump understand the same text:
 * `?sslmode=verify-full&sslrootcert=<file>`, or `system` for the authorities that Node knows, and
 * `&sslcert=<file>&sslkey=<file>` for a server that asks for ours. Of the modes only `verify-full` is taken: the weaker
 * ones look like protection and let anybody answer. Gives the address without them, as the client takes it.
 */
export function readAddress(text: string): { url: string; ssl?: ConnectionOptions } {
  const url = new URL(text);
  const [mode, ca, cert, key] = TLS.map((name) => url.searchParams.get(name) ?? undefined);
  if (TLS.every((name) => !url.searchParams.has(name))) return { url: text };
  if (mode !== 'verify-full') throw new Error('sslmode of a database address must be verify-full');
  if (ca === undefined) throw new Error('sslrootcert of a database address is missing: a file, or system');
  if ((cert === undefined) !== (key === undefined)) throw new Error('sslcert and sslkey belong together');
  for (const name of TLS) url.searchParams.delete(name);
  const ssl: ConnectionOptions = {
    rejectUnauthorized: true,
    // The client names the server only where it is addressed by name; it must be who was called also by number.
    checkServerIdentity: (_name, certificate) => checkServerIdentity(url.hostname, certificate),
  };
  if (ca !== 'system') ssl.ca = readFileSync(ca);
  if (cert !== undefined && key !== undefined) Object.assign(ssl, { cert: readFileSync(cert), key: readFileSync(key) });
  return { url: url.href, ssl };
}

/** Opens a client for an address. The only place that does. */
export function openClient<T extends Record<string, postgres.PostgresType>>(
  address: string,
  options: postgres.Options<T>,
) {
  const { url, ssl } = readAddress(address);
  return postgres(url, ssl === undefined ? options : { ...options, ssl });
}
