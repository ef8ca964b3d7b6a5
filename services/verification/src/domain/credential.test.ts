import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Credential, judgeCredential, readCredential } from './credential.ts';
import { institution } from './signer.fixture.ts';
import * as world from './world.fixture.ts';

const registered = world.reference.institution(world.AUTHORITY);
const here = { holderId: world.PHARMACY, at: world.now };
const made = (change: Record<string, unknown> = {}) =>
  readCredential(world.compact(world.authority.signed(world.credential(change))));

test('HB-23a a credential of the authority, shown here and now, is good', () => {
  assert.deepEqual(judgeCredential(made() as Credential, registered, here), []);
});

test('CX-29a a credential ends at its end, and may not begin later than five minutes from now', () => {
  const credential = made() as Credential;
  const until = credential.expiresAt.getTime();
  assert.deepEqual(judgeCredential(credential, registered, { ...here, at: new Date(until - 1) }), []);
  assert.equal(
    judgeCredential(credential, registered, { ...here, at: new Date(until) })[0]?.detail?.['problem'],
    'EXPIRED',
  );
  const early = new Date(credential.issuedAt.getTime() - 5 * 60_000 - 1);
  assert.equal(judgeCredential(credential, registered, { ...here, at: early })[0]?.code, 'CREDENTIAL_INVALID');
});

test('HB-23a a credential shown at one place is none at another', () => {
  const elsewhere = judgeCredential(made() as Credential, registered, { ...here, holderId: 'P-2' });
  assert.deepEqual(world.shown({ refused: elsewhere }), ['CREDENTIAL_INVALID /credential SHOWN_ELSEWHERE']);
});

test('CX-29a of an unproved credential nothing else is told', () => {
  const forged = readCredential(world.compact(world.stranger.signed(world.credential({ faceMatch: false, name: '' }))));
  assert.deepEqual(world.shown({ refused: judgeCredential(forged as Credential, registered, here) }), [
    'CREDENTIAL_INVALID /credential NO_KEY_ON_RECORD_MADE_IT',
  ]);
  const hospital = institution({ kind: 'HOSPITAL', keys: [world.authority.key] });
  for (const authority of [undefined, hospital]) {
    assert.deepEqual(world.shown({ refused: judgeCredential(made() as Credential, authority, here) }), [
      'CREDENTIAL_INVALID /credential UNKNOWN_AUTHORITY',
    ]);
  }
});

test('CX-29a a credential with a part missing or of another kind is none', () => {
  for (const member of Object.keys(world.credential())) assert.equal(made({ [member]: undefined }), undefined, member);
  for (const member of Object.keys(world.credential())) assert.equal(made({ [member]: 7 }), undefined, member);
  assert.equal(made({ credentialId: 'short' }), undefined);
  assert.equal(made({ credentialId: 'with\u0000nul' }), undefined);
  assert.equal(made({ expiresAt: 'soon' }), undefined);
});

test('CX-29a any text is a credential or none, never a failure', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[\w-]*\.[\w-]*$/)), (text) => {
      assert.equal(readCredential(text), undefined);
    }),
    { seed: 7, numRuns: 500 },
  );
  assert.equal(readCredential(`${'a'.repeat(9_000)}.b`), undefined);
});
