import assert from 'node:assert/strict';
import test from 'node:test';
import { judge } from './judge.ts';
import { type Finding, kinds } from './places.ts';

const labels = ['name of planted person 1', 'phone of planted person 1'];
const found: Finding[] = kinds.flatMap((kind) =>
  labels.map((label) => ({ kind, place: 'somewhere', label, encoding: 'UTF-8' })),
);
const key: Finding = { kind: 'other files', place: 'secrets/qr.key', label: 'secret in qr.key', encoding: 'bytes' };
const verdict = (findings: Finding[]) => judge({ findings: [...findings, key], bytes: 12_000_000 }, labels, 500);

test('the check passes when every kind of place gave the planted texts and nothing else', () => {
  const { passed, lines } = verdict(found);
  assert.ok(passed);
  assert.equal(lines.length, kinds.length + 1);
  assert.match(
    lines.at(-1) ?? '',
    /^✓ .*no secret and nothing personal of 500 persons in 12 MB in 10 kinds of places$/,
  );
});

test('one planted text not found in one kind of place fails the check as blind', () => {
  for (const missed of found) {
    const { passed, lines } = verdict(found.filter((finding) => finding !== missed));
    assert.equal(passed, false);
    assert.equal(lines.at(-1), `✗ the search is blind: planted texts were not found in ${missed.kind}`);
  }
});

test('anybody else found anywhere fails the check, and the report says where but not what', () => {
  const leak: Finding = { kind: 'logs', place: 'logs/gateway.log', label: 'name of person 7', encoding: 'hex' };
  const { passed, lines } = verdict([...found, leak]);
  assert.equal(passed, false);
  assert.ok(lines.includes('✗ logs, logs/gateway.log: name of person 7 as hex'));
  assert.match(lines.at(-1) ?? '', /^✗ .*personal data of the sandbox or a secret of the hub was found/);
});

test('a secret anywhere but where it belongs fails the check, and so does a search that sees none there', () => {
  const log: Finding = { ...key, kind: 'logs', place: 'logs/gateway.log', encoding: 'hex' };
  const { passed, lines } = verdict([...found, log]);
  assert.equal(passed, false);
  assert.ok(lines.includes('✗ logs, logs/gateway.log: secret in qr.key as hex'));
  const none = judge({ findings: found, bytes: 0 }, labels, 500);
  assert.equal(none.passed, false);
  assert.match(none.lines.at(-1) ?? '', /^✗ the search is blind: not even where they belong/);
});
