import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fromBase64 } from './base64.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

type Cases<T> = { cases: (T & { file: string; desc: string; wantErr: boolean; proof: string[] | null })[] };
type Inclusion = Cases<{ leafIdx: number; treeSize: number; root: string; leafHash: string }>;
type Consistency = Cases<{ size1: number; size2: number; root1: string; root2: string }>;

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../testdata/${name}.json`, import.meta.url), 'utf8')) as T;
}

const bytes = (text: string | null): Uint8Array => fromBase64(text ?? '') ?? new Uint8Array();

test('inclusion proofs are judged as by the Go implementation, all of its cases', () => {
  const { cases } = read<Inclusion>('inclusion');
  assert.ok(cases.some(({ wantErr }) => wantErr) && cases.some(({ wantErr }) => !wantErr));
  for (const each of cases) {
    const proof = (each.proof ?? []).map(bytes);
    const verdict = verifyInclusion(bytes(each.leafHash), each.leafIdx, each.treeSize, proof, bytes(each.root));
    assert.equal(verdict, !each.wantErr, `${each.file}: ${each.desc}`);
  }
});

test('consistency proofs are judged as by the Go implementation, all of its cases', () => {
  const { cases } = read<Consistency>('consistency');
  assert.ok(cases.some(({ wantErr }) => wantErr) && cases.some(({ wantErr }) => !wantErr));
  for (const each of cases) {
    const older = { size: each.size1, root: bytes(each.root1) };
    const newer = { size: each.size2, root: bytes(each.root2) };
    const verdict = verifyConsistency(older, newer, (each.proof ?? []).map(bytes));
    assert.equal(verdict, !each.wantErr, `${each.file}: ${each.desc}`);
  }
});
