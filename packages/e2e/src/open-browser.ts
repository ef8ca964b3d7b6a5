import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome'];

/** Why tests in a browser are left out here; false where there is one, and wherever everything must run. */
export function withoutBrowser(): string | false {
  if (findBrowser() !== undefined || process.env['CI'] === 'true') return false;
  return 'no Chromium here: apt-get install chromium (npm run doctor)';
}

/** A browser without a window and without a memory of its own. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('no Chromium here: apt-get install chromium');
  // As root, as in a container, Chromium starts without its sandbox only.
  const isRoot = process.getuid?.() === 0;
  return launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [], timeout: 60_000, protocolTimeout: 60_000 });
}

function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return process.env['PUPPETEER_EXECUTABLE_PATH'] ?? found.find(existsSync);
}
