import { setTimeout as sleep } from 'node:timers/promises';
import { SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { createClock, runService, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';

const SLOW_MS = 3_000;

// A service as any other, with one slow method; tells its port over the channel.
await runService('settlement', async () => {
  const server = await startServer({
    listen: '127.0.0.1:0',
    tlsDir: process.env['DRAIN_TLS'] ?? '',
    service: 'settlement',
    clock: createClock(),
    recordRefusals: async () => {},
    log: createLogger('settlement', 'silent'),
    contracts: [
      serve(SettlementServiceDefinition, {
        quote: { operation: 'internal', handle: async () => Promise.reject(new Error('not asked')) },
        settle: { operation: 'internal', handle: async () => Promise.reject(new Error('not asked')) },
        reverse: {
          operation: 'internal',
          async handle() {
            process.send?.({ type: 'asked' });
            await sleep(SLOW_MS);
            return { outcome: 'answered' };
          },
        },
      }),
    ],
  });
  process.send?.({ type: 'port', port: server.port });
  return server;
});
