import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mayPerform, type Operation, operations, roles } from '@erx/auth';
import { differing, openRaw, openState, type Route, readRoutes } from '@erx/hub/fuzz';
import { callers, serviceNames } from '@erx/proto/callers';
import { actorOf } from '@erx/rpc';
import { type Knocker, openKnocker } from '../src/knock.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

const ID = '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b';

/** Questions among services: no actor's role decides them, and no route leads to them. */
const internal = [
  'erx.registry.v1.RegistryService/allotPersons',
  'erx.registry.v1.RegistryService/importPersons',
  'erx.registry.v1.RegistryService/findPerson',
  'erx.registry.v1.RegistryService/getEntitlement',
  'erx.registry.v1.RegistryService/getClock',
  'erx.verification.v1.VerificationService/getGrant',
  'erx.verification.v1.VerificationService/checkEndorsement',
  'erx.verification.v1.VerificationService/checkReview',
  'erx.audit.v1.AuditService/readLogFile',
  'erx.issuing.v1.IssuingService/getRetention',
  // It asks for the right of what the persons are opened for.
  'erx.verification.v1.VerificationService/openPersons',
  'erx.dispensing.v1.DispensingService/withdraw',
  'erx.dispensing.v1.DispensingService/resume',
  'erx.traceability.v1.TraceabilityService/reserve',
  'erx.traceability.v1.TraceabilityService/release',
  'erx.traceability.v1.TraceabilityService/returnSale',
  'erx.traceability.v1.TraceabilityService/checkSale',
  'erx.traceability.v1.TraceabilityService/clearHandOver',
  'erx.settlement.v1.SettlementService/quote',
  'erx.settlement.v1.SettlementService/settle',
  'erx.settlement.v1.SettlementService/reverse',
  'erx.common.v1.SystemService/applyClock',
];

/** CI has two cores, and there are many cells. */
const PATIENCE = { timeout: 900_000 };

describe('who may do what, in the whole hub', PATIENCE, () => {
  let sandbox: SandboxInProcess;
  let knocker: Knocker;
  let routes: (Route & { right: Operation })[];
  before(async () => {
    sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
    knocker = openKnocker(sandbox);
    const all = await readRoutes(sandbox.hub.url);
    routes = all.filter((route): route is Route & { right: Operation } => route.right !== undefined);
  });
  after(() => sandbox?.[Symbol.asyncDispose]());

  const knock = (route: Route, as: string) =>
    knocker.send(as, route.method, route.path.replace(/\{\w+\}/g, ID), route.method === 'GET' ? undefined : {});

  test('every right but those between services has a route', () => {
    const offered = new Set(routes.map(({ right }) => right));
    assert.deepEqual(
      operations.filter((operation) => !offered.has(operation)),
      ['internal'],
    );
  });

  test('CX-7c GJ-6a every cell at the door: an empty one is refused and changes nothing', async () => {
    await using state = openState(sandbox.hub.databases);
    const before = await state.settled();
    for (const route of routes) {
      for (const role of roles.filter((each) => !mayPerform(each, route.right))) {
        const { status, codes } = await knock(route, knocker.clientOf(role));
        assert.deepEqual([status, codes], [403, ['ACCESS_SCOPE_DENIED']], `${role} ${route.id}`);
      }
      const { status, codes } = await knocker.send(undefined, route.method, route.path.replace(/\{\w+\}/g, ID), {});
      assert.deepEqual([status, codes], [401, ['TOKEN_INVALID']], route.id);
    }
    assert.deepEqual(differing(before, await state.settled(before)), []);
  });

  test('CX-7c GJ-6a every cell at the door: whoever has the right is answered for what was asked', async () => {
    for (const route of routes) {
      for (const role of roles.filter((each) => mayPerform(each, route.right))) {
        const { status, codes } = await knock(route, knocker.clientOf(role));
        assert.ok(![401, 403].includes(status) && status < 500, `${role} ${route.id}: ${status} ${codes}`);
      }
    }
  });

  test('GJ-6a every method refuses every certificate that the table does not name for it', async () => {
    for (const [contract, table] of Object.entries(callers)) {
      for (const caller of [...serviceNames, 'operator']) {
        await using raw = openRaw(sandbox.hub, contract, caller);
        for (const [method, allowed] of Object.entries(table)) {
          if ((allowed as readonly string[]).includes(caller)) continue;
          const outcome = await raw.ask(method, new Uint8Array(), { actor: actorOf({ role: 'AUTHORITY' }) });
          assert.deepEqual(outcome, { status: 'PERMISSION_DENIED' }, `${caller} ${contract}/${method}`);
        }
      }
    }
  });

  test('CX-7c GJ-6a every service refuses by the same table, whatever the door has let through', async () => {
    const withoutRight: string[] = [];
    const methods = Object.entries(callers).flatMap(([contract, table]) =>
      Object.entries(table).map(([method, allowed]) => ({ contract, method, allowed, name: `${contract}/${method}` })),
    );
    for (const { contract, method, allowed, name } of methods) {
      await using raw = openRaw(sandbox.hub, contract, allowed[0] ?? '');
      const ask = async (role: string) => {
        const request = { clientId: 'walker', key: crypto.randomUUID(), hash: 'h' };
        const actor = actorOf({ clientId: 'walker', role, institutionId: 'nowhere', division: '420000' });
        return deniedFor(await raw.ask(method, new Uint8Array(), { actor, request }));
      };
      const operation = await ask('NOBODY');
      if (operation === undefined) {
        withoutRight.push(name);
        continue;
      }
      for (const role of roles) {
        const denied = await ask(role);
        const expected: typeof denied =
          operation === STREAM ? denied : mayPerform(role, operation) ? undefined : operation;
        assert.equal(denied, expected, `${role} ${name}`);
      }
    }
    assert.deepEqual(withoutRight.sort(), internal.toSorted());
  });
});

/** A stream says only that it is refused. */
const STREAM = 'stream';

/** The operation that was refused for the role, if that is why. */
function deniedFor(
  outcome: Awaited<ReturnType<ReturnType<typeof openRaw>['ask']>>,
): Operation | typeof STREAM | undefined {
  if ('status' in outcome) return outcome.status === 'PERMISSION_DENIED' ? STREAM : undefined;
  if (!('refused' in outcome)) return undefined;
  const [first] = outcome.refused;
  return first?.code === 'ACCESS_SCOPE_DENIED'
    ? operations.find((each) => each === first.detail?.['operation'])
    : undefined;
}
