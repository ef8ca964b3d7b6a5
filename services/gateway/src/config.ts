import { connections, loadConfig, serviceSettings } from '@erx/config';
import Type, { type Static } from 'typebox';

const settings = Type.Object({
  ...serviceSettings.properties,
  ...connections.registry,
  ...connections.issuing,
  ...connections.verification,
  ...connections.dispensing,
  ...connections.traceability,
  ...connections.settlement,
  ...connections.audit,
  ERX_HTTP_LISTEN: Type.String({ pattern: ':\\d+$', description: 'host:port of the HTTP server' }),
  ERX_HTTP_MAX_REQUESTS: Type.Integer({
    default: 256,
    minimum: 1,
    maximum: 10_000,
    description: 'requests answered at once; a body is at most half a megabyte, so these fit into a small process',
  }),
  ERX_HTTP_CLIENT_RATE: Type.Integer({
    default: 500,
    minimum: 1,
    maximum: 100_000,
    description: 'requests a second of one client; four times as many at once',
  }),
  ERX_HTTP_STREAMS_PER_CLIENT: Type.Integer({
    default: 8,
    minimum: 1,
    maximum: 1_000,
    description: 'open streams of one client',
  }),
  ERX_HTTP_MAX_STREAMS: Type.Integer({
    default: 500,
    minimum: 1,
    maximum: 10_000,
    description: 'open streams of all clients',
  }),
  ERX_PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/]+$',
      description: 'address that clients use, when a proxy stands before us',
    }),
  ),
  ERX_REQUEST_HASH_KEY_FILE: Type.String({ description: '32 random bytes: key of the hash of requests' }),
  ERX_TOKEN_KEYS_FILE: Type.String({ description: 'JSON Web Key Set; its first key signs access tokens' }),
  ERX_AUTHORITY_JWK_FILE: Type.String({ description: 'public ES256 JWK of the first authority client' }),
});

export type GatewayConfig = Static<typeof settings>;

export function readConfig(env: Record<string, string | undefined>): GatewayConfig {
  return loadConfig(settings, env);
}

/** Host and port to listen on. */
export function listenAddress({ ERX_HTTP_LISTEN: listen }: GatewayConfig): { host: string; port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon), port: Number(listen.slice(colon + 1)) };
}

/**
 * Addresses under which clients know this hub; the first one is the issuer of tokens. Without a setting it is where we
 * listen, and on one machine also by the name `localhost`.
 */
export function publicUrls(config: GatewayConfig): [issuer: string, ...others: string[]] {
  if (config.ERX_PUBLIC_URL !== undefined) return [config.ERX_PUBLIC_URL];
  const { host, port } = listenAddress(config);
  const byNumber = `http://127.0.0.1:${port}`;
  const byName = `http://localhost:${port}`;
  if (host === '127.0.0.1') return [byNumber, byName];
  if (host === 'localhost' || host === '0.0.0.0' || host === '[::]') return [byName, byNumber];
  return [`http://${host}:${port}`];
}
