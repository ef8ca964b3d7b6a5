import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { isRefused, type Refused } from '@erx/errors';
import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { Subscription } from '@erx/proto/audit/v1/subscription_service';
import { type CallContext, createClock } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { startReceiver } from './receiver.ts';
import { pages, received, regulator, startTestAudit, viewed } from './support.ts';

const DAY_MS = 24 * 3_600_000;
const VIEWED = 'erx.dispensing.v1.HistoryViewed';

describe('subscriptions with an address', () => {
  let audit: Awaited<ReturnType<typeof startTestAudit>>;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let mine: Subscription;
  let ahead = 0;
  let count = 0;
  before(async () => {
    const clock = createClock(() => new Date(Date.now() + ahead));
    audit = await startTestAudit({ ERX_SANDBOX: 'true', ERX_WEBHOOK_PRIVATE_NETWORKS: 'true' }, { clock });
  });
  after(() => audit[Symbol.asyncDispose]());

  const write = (key: string = randomUUID(), hash = key): CallContext => {
    const { actor } = regulator('420106');
    return { actor, request: { clientId: actor.clientId, key, hash } };
  };
  const given = <T extends object>(answer: T | Refused): T => {
    assert.ok(!isRefused(answer), inspect(answer, { depth: 5 }));
    return answer;
  };
  const problemOf = (answer: object | Refused) =>
    isRefused(answer) ? (answer.refused[0]?.detail?.['problem'] ?? answer.refused[0]?.code) : undefined;
  const subscribe = async (url: string, types: string[] = []) =>
    audit.subscriptions.subscribe({ url, filter: { types, place: '' }, after: undefined }, write());
  const change = (state: string, context = write()) =>
    audit.subscriptions.changeSubscription({ subscriptionId: mine.subscriptionId, state }, context);
  const standing = async () => {
    const { subscriptions } = given(await audit.subscriptions.listSubscriptions({}, regulator('420106')));
    return subscriptions.find(({ subscriptionId }) => subscriptionId === mine.subscriptionId);
  };
  const undelivered = async () => {
    const request = { subscriptionId: mine.subscriptionId, after: 0n, limit: 100 };
    return given(await audit.subscriptions.listUndelivered(request, regulator('420106'))).undelivered;
  };
  async function publish(...events: OutgoingEvent[]): Promise<void> {
    count += events.length;
    await audit.publish(events);
    await audit.recorded(count);
  }

  beforeEach(async () => {
    for (const { subscriptionId } of given(await audit.subscriptions.listSubscriptions({}, regulator('420106')))
      .subscriptions)
      given(await audit.subscriptions.changeSubscription({ subscriptionId, state: 'DELETED' }, write()));
    await receiver?.[Symbol.asyncDispose]();
    receiver = await startReceiver();
    mine = given(await subscribe(receiver.url));
    const { subscriptionId } = mine;
    Object.assign(
      receiver.keys,
      await audit.subscriptions.getSubscriptionKeys({ subscriptionId }, regulator('420106')),
    );
  });
  after(() => receiver[Symbol.asyncDispose]());

  test('each entry comes once, signed by HMAC-SHA-256 and Ed25519, as a page would show it', async () => {
    const events = [viewed('p1', 'a', ['420106']), viewed('p1', 'b', ['420106']), viewed('p2', 'c', ['220102'])];
    await publish(...events);
    await eventually(async () => (await standing())?.delivered === 2n, 60_000);
    assert.deepEqual(receiver.ids(), [events[0]?.id, events[1]?.id]);
    assert.ok(receiver.messages.every(({ hmac, ed25519 }) => hmac && ed25519));
    const page = given(await audit.client.readEntries(pages(mine.through, 10), regulator('420106')));
    assert.deepEqual(
      receiver.messages.map(({ data }) => [data.eventId, BigInt(data.number), data.key, data.value]),
      page.entries.map(({ eventId, number, key, value }) => [
        eventId,
        number,
        key,
        Buffer.from(value).toString('base64'),
      ]),
    );
  });

  test('an effect that is recorded before its cause is sent after it', async () => {
    const cause = viewed('p9', 'cause', ['420106']);
    const effect = viewed('p9', 'effect', ['420106']);
    await publish({ ...effect, headers: { ...effect.headers, ce_causationid: cause.id } });
    await publish(cause);
    await eventually(async () => (await standing())?.delivered === 2n, 60_000);
    assert.deepEqual(receiver.ids(), [cause.id, effect.id]);
  });

  test('a failing message holds up its own prescription and no other; later it comes, in order', async () => {
    let isBroken = true;
    receiver.answers(({ data }, response) => response.writeHead(isBroken && data.key === 'bad' ? 500 : 204).end());
    const bad = [viewed('bad', '1', ['420106']), viewed('bad', '2', ['420106'])];
    const good = [viewed('good', '1', ['420106']), viewed('good', '2', ['420106'])];
    await publish(...bad, ...good);
    await eventually(async () => (await standing())?.delivered === 2n, 60_000);
    assert.deepEqual(
      receiver.ids().filter((id) => good.some((event) => event.id === id)),
      good.map(({ id }) => id),
    );
    const [waiting, ...others] = await undelivered();
    assert.deepEqual(
      [waiting?.eventId, waiting?.state, waiting?.problem, others.length],
      [bad[0]?.id, 'WAITING', 'HTTP_500', 0],
    );
    isBroken = false;
    ahead += 60_000;
    await eventually(async () => (await standing())?.delivered === 4n, 60_000);
    assert.deepEqual(
      receiver.ids().slice(-2),
      bad.map(({ id }) => id),
    );
  });

  test('a receiver that is away for days is tried for five of them; then it is shown as given up, and sent again when asked', async () => {
    receiver.answers((_, response) => response.destroy());
    await publish(viewed('p1', 'x', ['420106']));
    await eventually(async () => (await undelivered())[0]?.problem === 'UNREACHABLE', 60_000);
    for (let day = 0; day < 6; day += 1) {
      const before = (await undelivered())[0]?.attempts ?? 0;
      ahead += DAY_MS;
      await eventually(
        async () =>
          ((await undelivered())[0]?.attempts ?? 0) > before || (await undelivered())[0]?.state === 'GIVEN_UP',
        60_000,
      );
    }
    assert.equal((await undelivered())[0]?.state, 'GIVEN_UP');
    receiver.answers((_, response) => response.writeHead(200).end('ok'));
    const context = write();
    const again = { subscriptionId: mine.subscriptionId, eventIds: [] };
    assert.deepEqual(await audit.subscriptions.resend(again, context), { count: 1 });
    await eventually(async () => (await standing())?.delivered === 1n, 60_000);
    assert.deepEqual(await audit.subscriptions.resend(again, context), { count: 1 }, 'a repeat gets the first answer');
    assert.deepEqual(await undelivered(), []);
  });

  test('410 pauses the subscription; what comes meanwhile waits, and goes out when the client goes on', async () => {
    receiver.answers((_, response) => response.writeHead(410).end());
    const events = [viewed('p1', 'x', ['420106']), viewed('p2', 'y', ['420106'])];
    await publish(...events.slice(0, 1));
    await eventually(async () => (await standing())?.state === 'PAUSED', 60_000);
    assert.equal((await standing())?.reason, 'GONE');
    await publish(...events.slice(1));
    receiver.answers((_, response) => response.writeHead(204).end());
    assert.equal(given(await change('ACTIVE')).state, 'ACTIVE');
    await eventually(async () => (await standing())?.delivered === 2n, 60_000);
  });

  test('two processes send each entry once; a filter lets only its kinds through', async () => {
    given(await change('DELETED'));
    mine = given(await subscribe(receiver.url, [VIEWED]));
    await using _second = await audit.another();
    const events = Array.from({ length: 60 }, (_, n) => viewed(`k${n % 5}`, String(n), ['420106']));
    await publish(...events, received('note', 1, ['420106']));
    await eventually(async () => (await standing())?.delivered === 60n, 60_000);
    assert.deepEqual(receiver.ids().toSorted(), events.map(({ id }) => id).sort());
    for (const key of ['k0', 'k1', 'k2', 'k3', 'k4']) {
      const numbers = receiver.messages.flatMap(({ data }) => (data.key === key ? [data.number] : []));
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
        key,
      );
    }
  });

  test('a client that is switched off is sent nothing; switched on again, it gets what came meanwhile', async () => {
    const switched = (clientId: string, suspended: boolean) =>
      outgoing(
        'erx.access.v1.ClientSwitched',
        { context: undefined, clientId, suspended },
        { source: 'gateway', key: clientId, at: new Date(0), territory: [] },
      );
    const { clientId } = regulator('420106').actor;
    await publish(switched('regulator-420102', true));
    assert.equal((await standing())?.state, 'ACTIVE', 'not this client');
    await publish(switched(clientId, true));
    assert.deepEqual([(await standing())?.state, (await standing())?.reason], ['PAUSED', 'CLIENT_SUSPENDED']);
    const meanwhile = viewed('p1', 'meanwhile', ['420106']);
    await publish(meanwhile, switched(clientId, false));
    await eventually(async () => (await standing())?.delivered === 1n, 60_000);
    assert.deepEqual(receiver.ids(), [meanwhile.id]);

    given(await change('PAUSED'));
    await publish(switched(clientId, true), switched(clientId, false));
    assert.equal((await standing())?.state, 'PAUSED', 'what the client paused itself stays so');
  });

  test('CX-7c nobody sees or changes the subscription of another client', async () => {
    const { subscriptionId } = mine;
    const other = regulator('420102');
    const request = { clientId: other.actor.clientId, key: randomUUID(), hash: 'h' };
    const refusals = await Promise.all([
      audit.subscriptions.getSubscriptionKeys({ subscriptionId }, other),
      audit.subscriptions.listUndelivered({ subscriptionId, after: 0n, limit: 1 }, other),
      audit.subscriptions.changeSubscription({ subscriptionId, state: 'DELETED' }, { ...other, request }),
      audit.subscriptions.getSubscriptionKeys({ subscriptionId: 'x' }, other),
    ]);
    assert.deepEqual(
      refusals.map(problemOf),
      refusals.map(() => 'NOT_FOUND'),
    );
    assert.deepEqual(await audit.subscriptions.listSubscriptions({}, other), { subscriptions: [] });
    assert.equal((await standing())?.state, 'ACTIVE');
  });

  test('a subscription is made once per key; addresses that may not be sent to are refused', async () => {
    const context = write();
    const wanted = { url: receiver.url, filter: undefined, after: 0n };
    const first = given(await audit.subscriptions.subscribe(wanted, context));
    assert.deepEqual(await audit.subscriptions.subscribe(wanted, context), first);
    assert.equal(
      problemOf(await audit.subscriptions.subscribe(wanted, write(context.request?.key, 'other'))),
      'IDEMPOTENCY_KEY_REUSED',
    );
    assert.equal(problemOf(await subscribe('file:///etc/passwd')), 'HTTPS_REQUIRED');
    assert.equal(
      problemOf(await audit.subscriptions.subscribe({ ...wanted, after: 1_000_000n }, write())),
      'OUT_OF_RANGE',
    );
  });
});
