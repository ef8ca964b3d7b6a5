import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Books, runBooks } from '@erx/hub/books';
import type { HubInProcess } from './hub-in-process.ts';

/** The operator's books of a hub in this process. */
export async function booksOf({ databases, brokers, url }: HubInProcess): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'erx-books-'));
  try {
    const file = join(folder, 'hub.json');
    writeFileSync(file, JSON.stringify({ gateway: { url }, databases, brokers }));
    return await runBooks(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
