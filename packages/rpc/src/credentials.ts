import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';

/** Mutual TLS of this service: `<dir>/ca.pem`, `<dir>/<service>.pem`, `<dir>/<service>.key`. */
export function readCredentials(dir: string, service: string) {
  const ca = readFileSync(join(dir, 'ca.pem'));
  const chain = readFileSync(join(dir, `${service}.pem`));
  const key = readFileSync(join(dir, `${service}.key`));
  return {
    channel: () => ChannelCredentials.createSsl(ca, key, chain),
    server: () => ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: chain }], true),
  };
}
