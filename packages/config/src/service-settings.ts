import Type, { type Static } from 'typebox';

/** Settings that every service reads. */
export const serviceSettings = Type.Object({
  ERX_DATABASE_URL: Type.String({
    description: 'PostgreSQL address of this service; TLS by ?sslmode=verify-full&sslrootcert=<file>',
  }),
  ERX_DATABASE_CONNECTIONS: Type.Integer({ default: 8, minimum: 2, maximum: 100 }),
  ERX_KAFKA_BROKERS: Type.String({
    description: 'host:port, comma-separated; TLS by ?ca=<file>&cert=<file>&key=<file>',
  }),
  ERX_GRPC_LISTEN: Type.String({ description: 'host:port of the gRPC server' }),
  ERX_INTERNAL_LISTEN: Type.Optional(
    Type.String({ pattern: ':\\d+$', description: 'host:port of health and metrics, for the own network only' }),
  ),
  ERX_TLS_DIR: Type.String({ description: 'folder with ca.pem, <service>.pem, <service>.key' }),
  ERX_SANDBOX: Type.Boolean({ default: false, description: 'true: the business clock may be moved' }),
  ERX_LOG_LEVEL: Type.String({ default: 'info' }),
});

export type ServiceConfig = Static<typeof serviceSettings>;

/** Addresses of other services, by the names a service needs. */
export const connections = {
  registry: { ERX_REGISTRY_URL: Type.String() },
  issuing: { ERX_ISSUING_URL: Type.String() },
  verification: { ERX_VERIFICATION_URL: Type.String() },
  dispensing: { ERX_DISPENSING_URL: Type.String() },
  traceability: { ERX_TRACEABILITY_URL: Type.String() },
  settlement: { ERX_SETTLEMENT_URL: Type.String() },
  audit: { ERX_AUDIT_URL: Type.String() },
} as const;
