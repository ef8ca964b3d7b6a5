import type { ServiceName } from '../services.ts';
import type { GrpcTarget } from './ask-raw.ts';
import { readRoutes } from './document.ts';
import { type Memory, Report } from './report.ts';
import { fuzzGrpc } from './run-grpc.ts';
import { fuzzHttp, type HttpTarget } from './run-http.ts';
import { openState } from './state.ts';

export type FuzzTarget = HttpTarget &
  GrpcTarget & {
    databases: Record<ServiceName, string>;
    memory: Memory;
    /** Process ids by name, where the services are processes: none may have to be started again. */
    processes?: () => Record<string, number>;
    progress: (line: string) => void;
  };

/** Of all requests, one in so many goes to a service directly. */
const GRPC_SHARE = 5;
const WARM_UP = 0.05;

/** GJ-6b: `count` seeded requests to every route and every method of a living hub; the report says what went wrong. */
export async function fuzz(target: FuzzTarget, { count, seed }: { count: number; seed: string }): Promise<Report> {
  await using state = openState(target.databases);
  const report = new Report(target.memory);
  const routes = await readRoutes(target.url);
  const pools = await state.pools();
  const parked = await state.parked();
  const processes = target.processes?.() ?? {};
  const common = { pools, state, report };
  const grpc = Math.floor(count / GRPC_SHARE);
  target.progress(`${routes.length} routes, seed ${seed}`);
  await fuzzHttp(target, routes, { ...common, count: Math.ceil(count * WARM_UP), seed: `${seed}/warm` });
  report.warm();
  await fuzzHttp(target, routes, { ...common, count: count - grpc, seed });
  target.progress(`every contract, ${grpc} calls`);
  await fuzzGrpc(target, { ...common, count: grpc, seed });
  const aside = (await state.parked()) - parked;
  if (aside > 0) report.find(seed, `${aside} messages set aside: npm run parked`);
  const now = target.processes?.() ?? {};
  for (const [name, pid] of Object.entries(processes)) {
    if (now[name] !== pid) report.find(seed, `${name} had to be started again`);
  }
  return report;
}

export { openRaw } from './ask-raw.ts';
export { type Route, readRoutes } from './document.ts';
export { differing, openState } from './state.ts';
