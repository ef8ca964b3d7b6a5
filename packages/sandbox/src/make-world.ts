import { dirname, join } from 'node:path';
import { openHub, readWorldNote, writeWorldNote } from './folder.ts';
import { importWorld, type Progress } from './import-world.ts';
import { hashOfWorld, makeWorld } from './world/world.ts';
import { writeClients } from './write-clients.ts';

const PATIENCE_MS = 120_000;

/** Makes the world of a seed in this hub, once. */
export async function makeWorldIn(hubFile: string, seed: string, progress: Progress): Promise<void> {
  const { url, authority, dir } = openHub(hubFile);
  const world = makeWorld(seed);
  const hash = hashOfWorld(world);
  const note = readWorldNote(dir);
  if (note?.seed === seed && note.hash === hash) {
    progress('the world is there already');
    return;
  }
  await importWorld({ url, patienceMs: PATIENCE_MS }, authority, world, progress);
  writeClients(dir, join(dirname(hubFile), 'secrets', 'authority.private.jwk.json'), world);
  writeWorldNote(dir, { seed, hash });
}
