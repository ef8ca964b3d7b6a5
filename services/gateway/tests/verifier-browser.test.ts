import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { receiptAsJson } from '@erx/receipts';
import { logKey, makeReceipt, otherKey } from '@erx/receipts/fixture';
import type { Browser } from 'puppeteer-core';
import { noBrowser, openBrowser, openPage, resultAfter } from './browser.ts';
import { startTestGateway, type TestGateway } from './support.ts';

describe('a receipt in the browser', { skip: noBrowser }, () => {
  let hub: TestGateway;
  let browser: Browser;
  let folder: string;
  /** As the gateway gives it. */
  let receipt: ReturnType<typeof receiptAsJson> & { file: string };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erx-verify-'));
    hub = await startTestGateway();
    await hub.registerEveryRole();
    const made = await makeReceipt(3, 5);
    hub.fakes['readReceipt'] = () => ({ ...made, index: String(made.index) });
    const { status, body } = await hub.send('GET', `/v1/audit/receipts/${made.eventId}`, { as: 'regulator-1' });
    assert.equal(status, 200, JSON.stringify(body));
    receipt = body as unknown as typeof receipt;
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await hub?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** What the page says of a chosen file under this key; it must not send anything. */
  async function verdict(content: string, key: string): Promise<string[]> {
    const { page, sent } = await openPage(browser, `${hub.url}/verify`);
    await page.type('#key', key);
    const path = join(folder, 'receipt.txt');
    writeFileSync(path, content);
    const lines = await resultAfter(page, async () => {
      const input = await page.waitForSelector('input#file');
      await input?.uploadFile(path);
    });
    await page.waitForNetworkIdle({ idleTime: 200 });
    assert.deepEqual(sent, []);
    await page.close();
    return lines;
  }

  test('GJ-6e the page proves a receipt of the hub in either form, and sends it nowhere', async () => {
    for (const content of [receipt.file, JSON.stringify(receipt)]) {
      const lines = await verdict(content, logKey);
      assert.deepEqual(
        lines.filter((line) => !line.startsWith('good: ')),
        [],
      );
      assert.match(lines.at(-1) ?? '', new RegExp(`Proven: event ${receipt.eventId}`));
    }
  });

  test('GJ-6e a receipt dropped on the page proves nothing without a key, and is proven as soon as the key is there', async () => {
    const { page, sent } = await openPage(browser, `${hub.url}/verify`);
    const drop = `{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${JSON.stringify(receipt.file)}], 'receipt.txt'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    }`;
    const without = await resultAfter(page, async () => void (await page.evaluate(drop)));
    assert.match(without.at(-1) ?? '', /^bad: .*it proves nothing$/);
    await page.type('#key', logKey);
    const lines = await page.$$eval('#result > *', (all) => all.map(({ className }) => className));
    assert.deepEqual(new Set(lines), new Set(['good']));
    assert.equal(page.url(), `${hub.url}/verify`);
    assert.deepEqual(sent, []);
    await page.close();
  });

  const changed: [string, () => [content: string, key: string], RegExp][] = [
    [
      'one flipped bit of the event',
      () => [JSON.stringify({ ...receipt, event: flipped(receipt.event) }), logKey],
      /exactly what the log entry/,
    ],
    [
      'one flipped bit of the salt',
      () => [JSON.stringify({ ...receipt, salt: flipped(receipt.salt) }), logKey],
      /exactly what the log entry/,
    ],
    ['another place', () => [JSON.stringify({ ...receipt, index: receipt.index - 1 }), logKey], /stands at its place/],
    ['another key', () => [receipt.file, otherKey], /signed this checkpoint/],
    ['an emptied checkpoint', () => [JSON.stringify({ ...receipt, checkpoint: '' }), logKey], /checkpoint/],
    ['an emptied event', () => [JSON.stringify({ ...receipt, event: '' }), logKey], /exactly what the log entry/],
    ['an emptied file', () => ['', logKey], /complete receipt/],
  ];
  for (const [what, make, named] of changed) {
    test(`GJ-6e the page refuses a receipt with ${what}, and names the check that fails`, async () => {
      const lines = await verdict(...make());
      const bad = lines.filter((line) => line.startsWith('bad: '));
      assert.equal(bad.length, 2, lines.join('\n'));
      assert.match(bad[0]?.toLowerCase() ?? '', new RegExp(`does not hold: .*${named.source}`));
      assert.match(lines.at(-1) ?? '', /未通过验证.*it proves nothing/);
    });
  }
});

/** The same bytes with one bit changed. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}
