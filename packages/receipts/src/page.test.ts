import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { verifierPage } from './page.ts';
import { logKey, makeReceipt, otherKey } from './receipt.fixture.ts';
import { formatReceipt } from './receipt.ts';
import type { verifyReceipt } from './verify-receipt.ts';

const page = verifierPage();

test('the page asks for nothing but its own files, and each of them is there', () => {
  const { content: html } = page.get('') ?? { content: '' };
  const asked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
  assert.equal(asked.length, 2);
  for (const address of asked) assert.ok(page.has(address.replace(/^\/verify\//, '')), address);
  for (const [name, { content }] of page) {
    assert.doesNotMatch(content, /\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|node:/, name);
    for (const [, imported] of content.matchAll(/^(?:import|export)[^;'"]*?from\s*'([^']+)'/gm)) {
      assert.ok(page.has(imported?.replace(/^\.\//, '') ?? ''), `${name} imports ${imported}`);
    }
  }
});

test('GJ-6e the modules that the page serves prove a receipt and refuse a changed one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'erx-page-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const [name, { content }] of page) if (name.endsWith('.js')) writeFileSync(join(folder, name), content);
    const name = [...page.keys()].find((each) => each.endsWith('-verify-receipt.js')) ?? '';
    const served = (await import(pathToFileURL(join(folder, name)).href)) as { verifyReceipt: typeof verifyReceipt };
    const receipt = await makeReceipt(3, 5);
    assert.ok('proven' in served.verifyReceipt(formatReceipt(receipt), [logKey]));
    assert.ok('failed' in served.verifyReceipt(formatReceipt({ ...receipt, index: 2 }), [logKey]));
    assert.ok('failed' in served.verifyReceipt(formatReceipt(receipt), [otherKey]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
