import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { secretFile } from '@erx/testkit';
import { formatVerifierKey, isInvalid, keyTypes, parseSignerKey, verifierKey } from '@erx/tlog';
import type { Browser, Page } from 'puppeteer-core';
import { type Knocker, openKnocker } from '../src/knock.ts';
import { openBrowser, withoutBrowser } from '../src/open-browser.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

describe('pages in a real browser', { skip: withoutBrowser(), timeout: 300_000 }, () => {
  let sandbox: SandboxInProcess;
  let browser: Browser;
  let knocker: Knocker;
  const folder = mkdtempSync(join(tmpdir(), 'erx-pages-'));
  before(async () => {
    sandbox = await startSandboxInProcess();
    knocker = openKnocker(sandbox);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await sandbox?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** A page of the hub, and every address that it asks for once it is there. */
  async function open(path: string): Promise<{ page: Page; asked: string[] }> {
    const page = await browser.newPage();
    page.on('pageerror', (error) => assert.fail(String(error)));
    await page.goto(sandbox.hub.url + path, { waitUntil: 'networkidle0' });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    return { page, asked };
  }

  const resultOf = async (page: Page): Promise<string> => {
    await page.waitForSelector('#result > *');
    return page.$eval('#result', (element) => element.textContent ?? '');
  };

  /** A receipt of what a regulator may read, as a file, and the key under which its log signs. */
  async function receiptAndKey(): Promise<{ file: string; key: string }> {
    const regulator = knocker.clientOf('REGULATOR');
    for (;;) {
      const { body } = await knocker.send(regulator, 'GET', '/v1/audit/entries?limit=1');
      const [entry] = body['entries'] as { eventId: string }[];
      const receipt = await knocker.send(regulator, 'GET', `/v1/audit/receipts/${entry?.eventId}`);
      const file = receipt.body['file'];
      if (typeof file !== 'string') continue;
      const signer = parseSignerKey(readFileSync(secretFile('log.keys'), 'utf8').split('\n', 1)[0] ?? '');
      assert.ok(!isInvalid(signer));
      const [origin = ''] = String(receipt.body['checkpoint']).split('\n');
      return { file, key: formatVerifierKey(verifierKey(origin, keyTypes.signature, signer.publicKey)) };
    }
  }

  async function verify(text: string, key: string): Promise<{ said: string; asked: string[] }> {
    const { page, asked } = await open('/verify');
    const path = join(folder, 'receipt.txt');
    writeFileSync(path, text);
    await page.type('#key', key);
    const input = await page.$('input[type=file]');
    assert.ok(input !== null);
    await input.uploadFile(path);
    const said = await resultOf(page);
    await page.close();
    return { said, asked };
  }

  test('GJ-6e a receipt proves in the browser what it stands for, and is sent nowhere', async () => {
    const { file, key } = await receiptAndKey();
    const { said, asked } = await verify(file, key);
    assert.match(said, /已证明.*Proven: event/);
    assert.doesNotMatch(said, /✗|不成立/);
    assert.deepEqual(asked, []);
  });

  test('GJ-6e a receipt with a changed byte, cut off, or under another key proves nothing, and the page says why', async () => {
    const { file, key } = await receiptAndKey();
    const lines = file.split('\n');
    const at = lines.findIndex((line) => /^[A-Za-z0-9+/]{43}=$/.test(line));
    assert.ok(at > 0);
    const line = lines[at] ?? '';
    const changed = lines.with(at, (line.startsWith('A') ? 'B' : 'A') + line.slice(1)).join('\n');
    for (const text of [changed, file.slice(0, file.length / 2), '']) {
      assert.match((await verify(text, key)).said, /回执未通过验证.*proves nothing/);
    }
    const other = key.replace(/.{4}$/, (end) => (end === 'AAA=' ? 'AAE=' : 'AAA='));
    assert.match((await verify(file, other)).said, /proves nothing/);
  });

  async function quota(token: string): Promise<{ said: string; asked: string[]; page: Page }> {
    const { page, asked } = await open('/quota');
    await page.type('#token', token);
    await page.click('button');
    return { said: await resultOf(page), asked, page };
  }

  test('GJ-6b a client reads on a page what it may still ask; its token stands in no address', async () => {
    const token = await knocker.tokenOf(knocker.clientOf('PHARMACY'));
    const { said, asked, page } = await quota(token);
    assert.match(said, /剩余 \d+ 次，上限 \d+ 次.*of \d+ requests left.*each second/);
    assert.deepEqual(asked, ['/v1/quota']);
    assert.equal(page.url(), `${sandbox.hub.url}/quota`);
    await page.close();
  });

  test('a token that is none, or of nobody, is told so in words', async () => {
    const nonsense = await quota('药店');
    assert.match(nonsense.said, /no access token/);
    assert.deepEqual(nonsense.asked, []);
    await nonsense.page.close();
    const nobody = await quota('abc.def.ghi');
    assert.match(nobody.said, /TOKEN/);
    await nobody.page.close();
  });
});
