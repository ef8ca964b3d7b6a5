import { setTimeout as sleep } from 'node:timers/promises';
import { isRefused } from '@erx/errors';
import { callers } from '@erx/proto/callers';
import { actorOf } from '@erx/rpc';
import { type AskRaw, type GrpcTarget, type Outcome, openRaw } from './ask-raw.ts';
import type { Pools } from './document.ts';
import { makeMessage, readContracts } from './messages.ts';
import { pick, type Random, seeded } from './random.ts';
import type { Report } from './report.ts';
import { differing, type State } from './state.ts';

type Run = { count: number; seed: string; pools: Pools; state: State; report: Report };

const roles = ['HOSPITAL', 'PHARMACY', 'PATIENT', 'REGULATOR', 'AGENCY', 'AUTHORITY', 'SYSTEM', '', '\u0000'];
const divisions = ['420000', '220000', '420102', '100000', '', 'x'];
/** What nonsense may be answered with; UNAVAILABLE where reference data that it names may still arrive. */
const right = new Set(['OK', 'refused', 'unreadable', 'INVALID_ARGUMENT', 'UNAVAILABLE']);
const PAUSE_MS = 100;

/**
 * `count` calls over all methods of all contracts, each as a service that may call it and for an actor of any role. A
 * failure inside is a finding, as is a changed table after nothing but refusals.
 */
export async function fuzzGrpc(target: GrpcTarget, { count, seed, pools, state, report }: Run): Promise<void> {
  const contracts = readContracts();
  const methods = Object.entries(callers).flatMap(([contract, table]) =>
    Object.entries(table).flatMap(([method, allowed]) => {
      const described = contracts.getService(contract)?.methods.find(({ localName }) => localName === method);
      // Not released yet, a stream, or what moves every clock of the hub.
      if (described?.methodKind !== 'unary' || /clock/i.test(method)) return [];
      return [{ contract, method, input: described.input, caller: allowed[0] ?? '' }];
    }),
  );
  const each = Math.ceil(count / methods.length);
  let before = await state.settled();
  for (const { contract, method, input, caller } of methods) {
    await using client = openRaw(target, contract, caller);
    let hadEffect = false;
    for (let index = 0; index < each; index += 1) {
      const name = `${seed}/${contract}/${method}/${index}`;
      const random = seeded(name);
      const message = makeMessage(input, random, pools);
      const outcome = await ask(client, method, message, random, pools);
      const word = inWord(outcome);
      report.count(`gRPC ${word}`);
      hadEffect ||= word === 'OK';
      if (!right.has(word)) report.find(name, `${contract}/${method} ended with ${word}`);
      if (word === 'UNAVAILABLE') await sleep(PAUSE_MS);
    }
    const after = await state.settled(before);
    if (hadEffect) report.windows.withEffects += 1;
    else {
      report.windows.compared += 1;
      const changed = differing(before, after);
      if (changed.length > 0) report.find(`${seed}/${contract}/${method}`, `refused, yet changed: ${changed.join()}`);
    }
    before = after;
    report.measure();
  }
}

function ask(client: AskRaw, method: string, message: Uint8Array, random: Random, pools: Pools): Promise<Outcome> {
  const actor = actorOf({
    clientId: 'fuzz',
    role: pick(roles, random),
    institutionId: pick([...(pools['holderId'] ?? []), '', 'nowhere'], random),
    operator: pick(['till-1', ''], random),
    division: pick(divisions, random),
  });
  const request = { clientId: 'fuzz', key: crypto.randomUUID(), hash: 'f' };
  return client.ask(method, message, { actor, request, deadlineMs: 20_000, tries: 1 });
}

function inWord(outcome: Outcome): string {
  if (isRefused(outcome)) return 'refused';
  return 'status' in outcome ? outcome.status : 'OK';
}
