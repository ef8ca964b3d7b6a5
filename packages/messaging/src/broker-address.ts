import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

export type Brokers = { addresses: string[]; namespace: string; ssl?: ConnectionOptions };

const TLS = ['ca', 'cert', 'key'];

/**
 * Reads `host:port,host:port/namespace?ca=<file>&cert=<file>&key=<file>`. The namespace lets several hubs (or tests)
 * share a cluster. With `ca` (a file, or `system` for the authorities that Node knows) brokers are spoken to over TLS
 * and must prove who they are; `cert` and `key` are for brokers that ask who we are.
 */
export function readBrokers(brokers: readonly string[]): Brokers {
  const [where = '', query] = brokers.join(',').split('?');
  const [addresses = '', namespace = ''] = where.split('/');
  const found = { addresses: addresses.split(','), namespace };
  if (query === undefined) return found;
  const given = new URLSearchParams(query);
  const [ca, cert, key] = TLS.map((name) => given.get(name) ?? undefined);
  const unknown = [...given.keys()].filter((name) => !TLS.includes(name));
  if (unknown.length > 0) throw new Error('broker addresses take ca, cert and key, nothing else');
  if (ca === undefined) throw new Error('ca of the broker addresses is missing: a file, or system');
  if ((cert === undefined) !== (key === undefined))
    throw new Error('cert and key of the broker addresses belong together');
  const ssl: ConnectionOptions = { rejectUnauthorized: true };
  if (ca !== 'system') ssl.ca = readFileSync(ca);
  if (cert !== undefined && key !== undefined) Object.assign(ssl, { cert: readFileSync(cert), key: readFileSync(key) });
  return { ...found, ssl };
}
