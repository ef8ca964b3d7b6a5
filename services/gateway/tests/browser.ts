import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const found = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find(isProgram);
const MISSING = 'no browser is here to open the page in: sudo apt-get install -y chromium';

/** Why a test that needs a browser is passed over; where everything is tested it is not passed over, it fails. */
export const noBrowser: string | false = found === undefined && process.env['CI'] !== 'true' ? MISSING : false;

export async function openBrowser(): Promise<Browser> {
  if (found === undefined) throw new Error(MISSING);
  // Chromium's own sandbox does not run as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return puppeteer.launch({ executablePath: found, pipe: true, args: ['--disable-dev-shm-usage', ...sandbox] });
}

type OpenedPage = {
  page: Page;
  /** `METHOD address` of each request since the page was loaded, and each that its policy stopped. */
  sent: string[];
};

/** The page in a tab of its own, loaded, and what it asks for from then on. */
export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const page = await browser.newPage();
  await page.goto(url, { waitUntil: 'networkidle0' });
  const sent: string[] = [];
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    sent.push(`${request.method()} ${request.url()}`);
    void request.continue();
  });
  // What the policy stops never becomes a request: the browser only complains.
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) sent.push(`STOPPED ${message.text()}`);
  });
  return { page, sent };
}

/** Lines of the page's result, each behind its class, once there are any that do not stand there yet. */
export async function resultAfter(page: Page, act: () => Promise<void>): Promise<string[]> {
  await page.evaluate(`document.getElementById('result').replaceChildren()`);
  await act();
  await page.waitForSelector('#result > *', { timeout: 10_000 });
  const lines = `[...document.querySelectorAll('#result > *')].map((it) => it.className + ': ' + it.textContent)`;
  return (await page.evaluate(lines)) as string[];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
