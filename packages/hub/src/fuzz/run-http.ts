import { setTimeout as sleep } from 'node:timers/promises';
import { mayPerform, operations } from '@erx/auth';
import type { Pools, Route } from './document.ts';
import { makeRequest, send } from './http.ts';
import { pick, seeded } from './random.ts';
import type { Report } from './report.ts';
import { differing, type State } from './state.ts';

export type HttpTarget = {
  url: string;
  /** Gives a bearer token; the client of each role, by role. */
  token(role: string): Promise<string>;
  roles: readonly string[];
};

/** Requests after which the tables are compared. */
const WINDOW = 200;
const AT_ONCE = 8;

/**
 * `count` requests over all routes, route by route, as each role and as nobody. After each span of them that changed
 * nothing by their own account, no table may have changed.
 */
export async function fuzzHttp(
  target: HttpTarget,
  routes: readonly Route[],
  { count, seed, pools, state, report }: { count: number; seed: string; pools: Pools; state: State; report: Report },
): Promise<void> {
  const each = Math.max(1, Math.ceil(count / routes.length));
  let before = await state.settled();
  for (const route of routes) {
    for (let from = 0; from < each; from += WINDOW) {
      const indexes = Array.from({ length: Math.min(WINDOW, each - from) }, (_, index) => from + index);
      const effects = await atOnce(indexes, (index) =>
        one(target, route, `${seed}/${route.id}/${index}`, pools, report),
      );
      const after = await state.settled(before);
      if (effects.some(Boolean)) report.windows.withEffects += 1;
      else {
        report.windows.compared += 1;
        const changed = differing(before, after);
        if (changed.length > 0)
          report.find(`${seed}/${route.id}/${from}…`, `refused, yet changed: ${changed.join(', ')}`);
      }
      before = after;
      report.measure();
    }
  }
}

/** True when by its own account it may have changed something. */
async function one(target: HttpTarget, route: Route, seed: string, pools: Pools, report: Report): Promise<boolean> {
  const random = seeded(seed);
  const role = random(20) === 0 ? 'NOBODY' : pick(random(4) === 0 ? target.roles : rolesFor(target, route), random);
  const token = role === 'NOBODY' ? undefined : await target.token(role);
  const made = makeRequest(route, random, pools, token);
  for (;;) {
    const { status, isWrite, wrong, retryAfterMs } = await send(target.url, made);
    report.count(`HTTP ${status}`);
    if (wrong !== undefined) report.find(`${seed} as ${role}`, `${made.method} ${made.path.slice(0, 200)}: ${wrong}`);
    // Too many at once is a right answer, and says nothing about the request.
    if (status !== 429 || wrong !== undefined) return isWrite && status < 300;
    await sleep(retryAfterMs ?? 1_000);
  }
}

/** Mostly those get through the door who may: what lies behind it is tried by them alone. */
function rolesFor({ roles }: HttpTarget, { right }: Route): readonly string[] {
  const operation = operations.find((each) => each === right);
  const allowed = operation === undefined ? [] : roles.filter((role) => mayPerform(role, operation));
  return allowed.length > 0 ? allowed : roles;
}

async function atOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
