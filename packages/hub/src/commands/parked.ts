import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askForRetry, listParked, type Parked } from '@erx/messaging';
import { openDatabase, type Sql } from '@erx/postgres';
import { Failure } from '../failure.ts';
import { perService, type ServiceName, serviceNames } from '../services.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import type { Context } from './context.ts';

type Found = { service: ServiceName; message: Parked };

const TRIED_WITHIN_MS = 30_000;
const LOOK_MS = 200;

/**
 * `npm run parked`: lists the messages that services set aside because they could not take them. `--retry <id|all>` has
 * their services try them again, and succeeds if nothing of it stays parked.
 */
export async function parked(args: string[], { dataDir, signal }: Context): Promise<number> {
  const { values } = parseArgs({ args, options: { retry: { type: 'string' } } });
  const hub = await findLivingHub(dataDir, signal);
  if (hub === undefined) throw new Failure(`No hub lives in ${dataDir}. Start one: npm run hub`);
  await using stack = new AsyncDisposableStack();
  const sqls = perService(
    (name) => stack.adopt(openDatabase(hub.databases[name], 1, 'parked'), (it) => it.close()).sql,
  );
  const found = await findAll(sqls);
  if (values.retry === undefined) {
    console.log(lines(found).join('\n'));
    return 0;
  }
  const chosen = found.filter(({ message }) => values.retry === 'all' || values.retry === message.id);
  if (chosen.length === 0 && values.retry !== 'all') throw new Failure(`Nothing is parked as ${values.retry}.`);
  for (const { service, message } of chosen) await askForRetry(sqls[service], message.id);
  const left = await untilTried(sqls, new Set(chosen.map(({ message }) => message.id)), signal);
  console.log([`${chosen.length - left.length} of ${chosen.length} taken now`, ...lines(left)].join('\n'));
  return left.length === 0 ? 0 : 1;
}

async function findAll(sqls: Record<ServiceName, Sql>): Promise<Found[]> {
  const lists = await Promise.all(
    serviceNames.map(async (service) => (await listParked(sqls[service])).map((message) => ({ service, message }))),
  );
  return lists.flat();
}

/** Those that are still parked when every service has tried, or has had its time. */
async function untilTried(
  sqls: Record<ServiceName, Sql>,
  ids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Found[]> {
  for (const end = Date.now() + TRIED_WITHIN_MS; ; ) {
    const left = (await findAll(sqls)).filter(({ message }) => ids.has(message.id));
    if (left.every(({ message }) => !message.isRetryWaiting) || Date.now() > end) return left;
    await sleep(LOOK_MS, undefined, { signal });
  }
}

function lines(found: readonly Found[]): string[] {
  if (found.length === 0) return ['无搁置消息 · Nothing is parked.'];
  return found.flatMap(({ message: { id, type, key, reason, attempts, parkedAt, isRetryWaiting } }) => [
    id,
    `    ${type || 'no type'}, key ${key || 'none'}, parked ${parkedAt.toISOString()}, attempts ${attempts}`,
    `    ${reason}${isRetryWaiting ? ' (waits for its service to try again)' : ''}`,
  ]);
}
