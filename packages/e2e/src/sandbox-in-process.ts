import { readFileSync } from 'node:fs';
import {
  AuthorityClient,
  clockOffset,
  importWorld,
  makeWorld,
  openStage,
  type Scene,
  Session,
  type Stage,
  type World,
  waitUntilVisible,
} from '@erx/sandbox';
import { secretFile } from '@erx/testkit';
import { type HubInProcess, startHubInProcess } from './hub-in-process.ts';

const PATIENCE_MS = 60_000;

export type Sandbox = {
  world: World;
  authority: AuthorityClient;
  /** The programs of everybody, by the business time of now. */
  stage(): Promise<Stage>;
  /** One performance on that stage. */
  scene(): Promise<Scene>;
};

export type SandboxInProcess = Sandbox & AsyncDisposable & { hub: HubInProcess };

/** A hub in this process that has the sandbox's world; `businessTime` is where its business clock starts. */
export async function startSandboxInProcess(businessTime?: string): Promise<SandboxInProcess> {
  await using stack = new AsyncDisposableStack();
  const hub = stack.use(await startHubInProcess());
  const sandbox = await openSandbox(hub.url, businessTime);
  const owned = stack.move();
  return { ...sandbox, hub, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Gives a living hub the sandbox's world. */
export async function openSandbox(url: string, businessTime?: string): Promise<Sandbox> {
  const world = makeWorld('e2e');
  const key = JSON.parse(readFileSync(secretFile('authority.private.jwk.json'), 'utf8'));
  const credentials = { clientId: 'authority', key };
  const connection = { url, patienceMs: PATIENCE_MS };
  const authority = new AuthorityClient(new Session(connection, credentials));
  if (businessTime !== undefined) {
    const answer = await authority.setClock(businessTime);
    if (!answer.ok) throw new Error(`the clock was not set: ${answer.errors[0]?.code}`);
  }
  await importWorld(connection, credentials, world, () => {});
  const stage = async (): Promise<Stage> => openStage(world, connection, await clockOffset(connection, credentials));
  await waitUntilVisible(await stage());
  return { world, authority, stage, scene: async () => ({ ...(await stage()), log: [], sales: [] }) };
}
