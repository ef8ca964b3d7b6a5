import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provisionTopics } from '@erx/messaging';
import postgres from 'postgres';
import { uuidv7 } from 'uuidv7';

/** The real engines that `npm test` started; a single test file needs them too. */
export type Engines = { adminUrl: string; brokers: string[]; tls: string; secrets: string };

export function engines(): Engines {
  const file = process.env['ERX_TEST_ENGINES'];
  if (file === undefined) throw new Error('ERX_TEST_ENGINES is not set: run the tests by `npm test`');
  return JSON.parse(readFileSync(file, 'utf8')) as Engines;
}

/** An empty database of its own, dropped with the engines' data folder. Gives its address. */
export async function freshDatabase(name: string): Promise<string> {
  const { adminUrl } = engines();
  const database = `${name}_${uuidv7().replaceAll('-', '')}`;
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`create database ${database}`);
  } finally {
    await sql.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Broker addresses with a name of their own, so that topics and groups of other tests are out of sight. */
export async function freshNamespace(): Promise<string[]> {
  const { brokers } = engines();
  const qualified = [`${brokers.join(',')}/t${uuidv7().replaceAll('-', '').slice(-12)}`];
  await provisionTopics(qualified);
  return qualified;
}

/** A key file that `npm test` made: `quote.key`, `qr.key`, … */
export function secretFile(name: string): string {
  return join(engines().secrets, name);
}

/** A folder of its own beside the engines' data, gone with it. */
export function freshFolder(name: string): string {
  const folder = join(dirname(engines().secrets), 'folders', `${name}-${uuidv7()}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
