import type { GetEntitlementRequest, GetEntitlementResponse } from '@erx/proto/registry/v1/registry_service';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { createClock, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines } from '@erx/testkit';

/** A registry that knows about persons what a test says. `stop` and `start` keep its address. */
export async function startFakeRegistry() {
  const entitlements = new Map<string, GetEntitlementResponse>();
  const asked: GetEntitlementRequest[] = [];
  const never = {
    operation: 'internal' as const,
    handle: async () => Promise.reject(new Error('not asked in these tests')),
  };
  const contract = serve(RegistryServiceDefinition, {
    importReference: never,
    allotPersons: never,
    importPersons: never,
    findPerson: never,
    getEntitlement: {
      operation: 'internal',
      handle: async (request) => {
        asked.push(request);
        return entitlements.get(request.personId) ?? { insurances: [], filings: [] };
      },
    },
    getClock: never,
    setClock: never,
  });
  const listen = (port: number) =>
    startServer({
      listen: `127.0.0.1:${port}`,
      tlsDir: engines().tls,
      service: 'registry',
      clock: createClock(),
      contracts: [contract],
      recordRefusals: async () => {},
      log: createLogger('test', 'silent'),
    });
  let server: Awaited<ReturnType<typeof listen>> | undefined = await listen(0);
  const { port } = server;
  const stop = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  return {
    address: `127.0.0.1:${port}`,
    entitlements,
    asked,
    stop,
    async start() {
      server = await listen(port);
    },
    [Symbol.asyncDispose]: stop,
  };
}
