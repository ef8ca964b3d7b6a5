import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Credentials } from './clients/token.ts';
import type { Shelf } from './plays/allotment.ts';

/** Verifier keys of the hub's log and of its witnesses. */
export type LogKeys = { log: string; witnesses: string[] };

/** What the sandbox knows of a hub from its hub.json, and the folder beside it that the sandbox keeps. */
export type HubFolder = {
  url: string;
  authority: Credentials;
  logKeys: LogKeys;
  dir: string;
};

export type WorldNote = { seed: string; hash: string };

export function openHub(hubFile: string): HubFolder {
  if (!existsSync(hubFile))
    throw new Error(`There is no hub: ${hubFile} does not exist. Start one with \`npm run hub\`.`);
  const { gateway, audit } = JSON.parse(readFileSync(hubFile, 'utf8')) as {
    gateway: { url: string };
    audit: { verifierKey: string; witnesses: { verifierKey: string }[] };
  };
  const key = JSON.parse(readFileSync(join(dirname(hubFile), 'secrets', 'authority.private.jwk.json'), 'utf8'));
  const dir = join(dirname(hubFile), 'sandbox');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const logKeys = { log: audit.verifierKey, witnesses: audit.witnesses.map(({ verifierKey }) => verifierKey) };
  return { url: gateway.url, authority: { clientId: 'authority', key }, logKeys, dir };
}

/** The world that this hub has, if any. */
export const readWorldNote = (dir: string): WorldNote | undefined => readJson(join(dir, 'world.json'));
export const writeWorldNote = (dir: string, note: WorldNote): void => writePrivate(join(dir, 'world.json'), note);

/** Which packages earlier runs have used. */
export const readShelf = (dir: string): Shelf => readJson<Shelf>(join(dir, 'shelf.json')) ?? {};
export const writeShelf = (dir: string, shelf: Shelf): void => writePrivate(join(dir, 'shelf.json'), shelf);

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** Whole or not at all, readable by its owner only. */
export function writePrivate(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, file);
}
