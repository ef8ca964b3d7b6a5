import type { Database } from '@erx/postgres';
import type { BusinessClock, RefusalRecorder } from '@erx/rpc';
import type { Logger } from '@erx/telemetry';
import type { FastifyInstance } from 'fastify';
import { importClients } from '../commands/import-clients.ts';
import { setClock } from '../commands/set-clock.ts';
import { switchClient } from '../commands/switch-client.ts';
import { type GatewayConfig, publicUrls } from '../config.ts';
import { adapterFactory } from '../oauth/adapter.ts';
import { giveTokens, openProvider } from '../oauth/provider.ts';
import { openTokenKeys } from '../oauth/token-keys.ts';
import { tokenVerifier } from '../oauth/verify-token.ts';
import type { Peers } from '../outbound/peers.ts';
import { requestOutcome } from '../queries/request-outcome.ts';
import { findClient } from '../store/clients.ts';
import { oidcRecords } from '../store/oidc-records.ts';
import type { Suspended } from '../store/suspended.ts';
import { limitRequests } from './limit.ts';
import { describeApi } from './openapi.ts';
import { openQuotas } from './quotas.ts';
import type { Door } from './route.ts';
import { agentRoutes } from './routes/agents.ts';
import { auditRoutes } from './routes/audit.ts';
import { auditLogRoutes } from './routes/audit-log.ts';
import { auditStreamRoute, type StreamLimits } from './routes/audit-stream.ts';
import { circulationRoutes } from './routes/circulation.ts';
import { clientRoutes } from './routes/clients.ts';
import { clockRoutes } from './routes/clock.ts';
import { codeRoutes } from './routes/codes.ts';
import { erasureRoutes } from './routes/erasure.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { identityRoutes } from './routes/identity.ts';
import { importRoutes } from './routes/imports.ts';
import { prescriptionRoutes } from './routes/prescriptions.ts';
import { quotaRoute } from './routes/quota.ts';
import { quotaPageRoutes } from './routes/quota-page.ts';
import { recallRoutes } from './routes/recalls.ts';
import { receiptRoutes } from './routes/receipts.ts';
import { requestRoutes } from './routes/requests.ts';
import { reviewRoutes } from './routes/review.ts';
import { saleRoutes } from './routes/sales.ts';
import { stockRoutes } from './routes/stock.ts';
import { subscriptionRoutes } from './routes/subscriptions.ts';
import { tokenRoute } from './routes/token.ts';
import { verifierPageRoutes } from './routes/verifier-page.ts';
import { withdrawalRoutes } from './routes/withdrawal.ts';
import { createHttp } from './server.ts';
import { streamPlaces } from './stream-places.ts';

/** So many seconds' share may be asked at once. */
const BURST_SECONDS = 4;
/** A till that waits for a prescription to arrive asks again and again; whoever tries out numbers goes on for ever. */
const WRONG_GUESSES = { perSecond: 1, burst: 300 };

type Parts = {
  config: GatewayConfig;
  database: Database;
  clock: BusinessClock;
  peers: Peers;
  recordRefusals: RefusalRecorder;
  suspended: Suspended;
  territory(institutionId: string): readonly string[];
  hashKey: Uint8Array;
  streams: StreamLimits;
  log: Logger;
};

/** The HTTP server with every route, not yet listening. */
export async function openDoor(parts: Parts): Promise<FastifyInstance> {
  const { config, database, clock, peers, recordRefusals, suspended, hashKey, streams, log } = parts;
  const urls = publicUrls(config);
  const [issuer] = urls;
  const keys = openTokenKeys(config.ERX_TOKEN_KEYS_FILE, clock.machine, log);
  const find = (clientId: string) => findClient(database, clientId);
  const records = oidcRecords(database, clock.machine);
  const adapter = adapterFactory({ findClient: find, records });
  const giveToken = giveTokens(keys, (signingKey) => openProvider({ issuer, adapter, findClient: find, signingKey }));
  const verifyToken = tokenVerifier(issuer, keys, clock.machine);

  const app = createHttp(log);
  limitRequests(app, config.ERX_HTTP_MAX_REQUESTS);
  const draining = new AbortController();
  app.addHook('preClose', async () => draining.abort());
  await describeApi(app, issuer);
  const quotas = openQuotas(
    { perSecond: config.ERX_HTTP_CLIENT_RATE, burst: config.ERX_HTTP_CLIENT_RATE * BURST_SECONDS },
    WRONG_GUESSES,
    () => performance.now(),
  );
  const door: Door = {
    app,
    guard: { verifyToken, suspended, recordRefusals, clock, hashKey, quotas },
    outcomes: new Map(),
  };
  quotaRoute(door);
  await tokenRoute(app, giveToken, urls);
  prescriptionRoutes(door, peers);
  withdrawalRoutes(door, peers);
  identityRoutes(door, peers);
  circulationRoutes(door, peers);
  reviewRoutes(door, peers);
  saleRoutes(door, peers);
  agentRoutes(door, peers);
  codeRoutes(door, peers);
  stockRoutes(door, peers);
  recallRoutes(door, peers);
  auditRoutes(door, peers);
  historyRoutes(door, peers);
  receiptRoutes(door, peers);
  auditStreamRoute(door, {
    audit: peers.audit,
    log,
    draining: draining.signal,
    places: streamPlaces(config.ERX_HTTP_STREAMS_PER_CLIENT, config.ERX_HTTP_MAX_STREAMS),
    limits: streams,
    suspended,
  });
  auditLogRoutes(app, peers.audit);
  subscriptionRoutes(door, peers);
  requestRoutes(door, requestOutcome(database, peers));
  erasureRoutes(door, peers);
  importRoutes(door, peers, importClients(database, clock.machine));
  clientRoutes(door, switchClient(parts));
  if (config.ERX_SANDBOX) clockRoutes(door, clock, setClock(peers, clock));
  verifierPageRoutes(app);
  quotaPageRoutes(app);
  healthRoutes(app, database, draining.signal);
  return app;
}
