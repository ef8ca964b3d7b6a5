import assert from 'node:assert/strict';
import test from 'node:test';
import { maskedName } from './names.ts';
import { isSignatureImage } from './signature-image.ts';
import { png } from './world.fixture.ts';

test('a masked name shows its first character only, whatever planes its characters come from', () => {
  assert.equal(maskedName('赵犇骉'), '赵**');
  assert.equal(maskedName('𠀀𠀁'), '𠀀*');
  assert.equal(maskedName('赵'), '赵');
  assert.equal(maskedName(''), '');
});

test('HB-24d a signature image is a whole PNG or JPEG of at most 64 KB', () => {
  const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(50), Buffer.from('ffd9', 'hex')]);
  assert.equal(isSignatureImage(png()), true);
  assert.equal(isSignatureImage(jpeg), true);
  assert.equal(isSignatureImage(png(64 * 1024)), true);
  assert.equal(isSignatureImage(png(64 * 1024 + 1)), false);
  assert.equal(isSignatureImage(png().subarray(0, -1)), false);
  assert.equal(isSignatureImage(jpeg.subarray(1)), false);
  assert.equal(isSignatureImage(Buffer.from('<svg/>')), false);
  assert.equal(isSignatureImage(new Uint8Array()), false);
});
