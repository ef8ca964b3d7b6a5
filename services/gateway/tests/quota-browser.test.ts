import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { noBrowser, openBrowser, openPage, resultAfter } from './browser.ts';
import { startTestGateway, type TestGateway } from './support.ts';

describe('the page of the quota', () => {
  let hub: TestGateway;
  before(async () => {
    hub = await startTestGateway({ env: { ERX_HTTP_CLIENT_RATE: '1' } });
    await hub.registerEveryRole();
  });
  after(() => hub?.[Symbol.asyncDispose]());

  test('it needs no token, has no script of its own inside, and may connect to this hub alone', async () => {
    const answer = await fetch(`${hub.url}/quota`);
    assert.equal(answer.status, 200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self'/);
    assert.match(policy, /connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|http|\*/);
    const html = await answer.text();
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|\bon\w+=|style=/);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      assert.equal((await fetch(hub.url + address)).status, 200, address);
    }
  });

  describe('in a browser', { skip: noBrowser }, () => {
    let browser: Browser;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser?.close());

    const show = (page: Page) => resultAfter(page, () => page.click('button'));
    const value = (page: Page, id: string) => page.$eval(`#${id}`, (it) => it.textContent);

    test('GJ-6b it shows a client what it may ask, has used and has left, and keeps the token nowhere', async () => {
      const { page, sent } = await openPage(browser, `${hub.url}/quota`);
      const token = await hub.token('pharmacy-1');
      await page.type('#token', token);
      await show(page);
      assert.deepEqual(
        [
          await value(page, 'left'),
          await value(page, 'used'),
          await value(page, 'burst'),
          await value(page, 'per-second'),
        ],
        ['3', '1', '4', '1'],
      );
      assert.match((await value(page, 'full')) ?? '', /^1 s · \d\d:\d\d:\d\d$/);
      assert.deepEqual(sent, [`GET ${hub.url}/v1/quota`]);
      assert.equal(page.url(), `${hub.url}/quota`);
      const kept = await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })');
      assert.equal(kept, '{}');
      assert.ok(!(await page.content()).includes(token));
      await page.close();
    });

    test('GJ-6b it tells a client that has asked too much how long to wait', async () => {
      const { page } = await openPage(browser, `${hub.url}/quota`);
      await page.type('#token', await hub.token('hospital-1'));
      let lines = await show(page);
      for (let tried = 1; tried < 50 && !lines[0]?.startsWith('bad'); tried += 1) lines = await show(page);
      assert.match(lines[0] ?? '', /请求过于频繁.*Too many requests \(429 TOO_MANY_REQUESTS\)/);
      assert.match(lines[1] ?? '', /请在 1 秒后再查询.*Ask again in 1 s/);
      await page.close();
    });

    test('a token that is not good any more is told as that; what is no token is not sent', async () => {
      const { page, sent } = await openPage(browser, `${hub.url}/quota`);
      await page.type('#token', '不是令牌');
      assert.match((await show(page))[0] ?? '', /^bad: .*not an access token: nothing was sent/);
      assert.deepEqual(sent, []);
      await page.$eval('#token', (it) => Object.assign(it, { value: 'Bearer abc.def.ghi' }));
      const lines = await show(page);
      assert.match(lines[0] ?? '', /^bad: 访问令牌无效或已过期.*\(401 TOKEN_INVALID\)/);
      assert.match(lines[1] ?? '', /get a new one/);
      await page.close();
    });
  });
});
