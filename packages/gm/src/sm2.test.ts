import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { sm2 as library } from 'sm-crypto-v2';
import { ORDER, toBytes32 } from './curve.ts';
import { nativeSm2, pureSm2, type Sm2, sign, verify } from './index.ts';
import { generateKeyPair } from './key-pair.ts';
import { vector } from './sm2.vectors.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const unbase64 = (text: string) => Buffer.from(text, 'base64');

// The hot path must not fall back to JavaScript unseen, so a missing one fails here instead of being skipped.
assert.ok(nativeSm2, 'this Node lets koffi reach its OpenSSL');
const implementations: [string, Sm2][] = [
  ['native', nativeSm2],
  ['pure', pureSm2],
];

const seededKeys = fc.uint8Array({ minLength: 48, maxLength: 48 }).map((bytes) => generateKeyPair(() => bytes));
const messages = fc.uint8Array({ maxLength: 300 });

for (const [name, sm2] of implementations) {
  const accepts = (changes: Partial<typeof vector>) => {
    const { publicKey, bytes, signature } = { ...vector, ...changes };
    return sm2.verify(publicKey, bytes, signature);
  };

  test(`${name}: the reference signature verifies`, () => {
    assert.equal(accepts({}), true);
  });

  test(`${name}: the public key may come without its leading 04`, () => {
    assert.equal(accepts({ publicKey: base64(unbase64(vector.publicKey).subarray(1)) }), true);
  });

  test(`${name}: a signature is 88 characters and verifies, also over no bytes at all`, () => {
    for (const bytes of [vector.bytes, Buffer.alloc(0)]) {
      const signature = sm2.sign(vector.privateKey, bytes);
      assert.equal(signature.length, 88);
      assert.equal(accepts({ bytes, signature }), true);
    }
  });

  test(`${name}: a private key with Java's leading 00 signs like the one without`, () => {
    const signature = sm2.sign(base64(Buffer.concat([Buffer.of(0), unbase64(vector.privateKey)])), vector.bytes);
    assert.equal(accepts({ signature }), true);
  });

  test(`${name}: a signature with an empty user id does not verify`, () => {
    const hex = unbase64(vector.privateKey).toString('hex');
    const signature = Buffer.from(library.doSignature(vector.bytes, hex, { hash: true, userId: '' }), 'hex');
    assert.equal(accepts({ signature: base64(signature) }), false);
  });

  test(`${name}: one flipped bit of bytes, signature or key is noticed`, () => {
    const part = fc.constantFrom('bytes', 'signature', 'publicKey');
    fc.assert(
      fc.property(part, fc.nat(), (field, position) => {
        const original = field === 'bytes' ? vector.bytes : unbase64(vector[field]);
        const flipped = Buffer.from(original);
        const bit = position % (flipped.length * 8);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        assert.equal(accepts({ [field]: field === 'bytes' ? flipped : base64(flipped) }), false);
      }),
      { seed: 20260101, numRuns: 75 },
    );
  });

  test(`${name}: malformed signatures are false, never an exception`, () => {
    const [r, s] = [unbase64(vector.signature).subarray(0, 32), unbase64(vector.signature).subarray(32)];
    const zero = Buffer.alloc(32);
    const order = toBytes32(ORDER);
    const wrong = [
      '',
      '?',
      vector.signature.slice(0, -4),
      ` ${vector.signature}`,
      vector.signature.replaceAll('=', ''),
      base64(Buffer.concat([r, s, Buffer.of(0)])),
      ...[
        [zero, s],
        [r, zero],
        [zero, zero],
        [order, s],
        [r, order],
      ].map((parts) => base64(Buffer.concat(parts))),
    ];
    for (const signature of wrong) assert.equal(accepts({ signature }), false, signature);
  });

  test(`${name}: malformed public keys are false, never an exception`, () => {
    const point = unbase64(vector.publicKey);
    const compressed = Buffer.concat([Buffer.of(0x03), point.subarray(1, 33)]);
    const offCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(63), Buffer.of(1)]);
    const infinity = Buffer.concat([Buffer.of(4), Buffer.alloc(64)]);
    for (const key of [Buffer.alloc(0), Buffer.of(0), compressed, offCurve, infinity, point.subarray(0, 64)]) {
      assert.equal(accepts({ publicKey: base64(key) }), false, key.toString('hex'));
    }
    assert.equal(accepts({ publicKey: 'not base64' }), false);
  });

  test(`${name}: a bad private key throws and is not quoted`, () => {
    for (const d of [Buffer.alloc(32), toBytes32(ORDER - 1n), Buffer.alloc(31, 1), Buffer.alloc(33, 1)]) {
      assert.throws(
        () => sm2.sign(base64(d), vector.bytes),
        (error) => error instanceof TypeError && !error.message.includes(base64(d)),
      );
    }
  });
}

test('what one implementation signs the other one accepts, for any key and bytes', () => {
  fc.assert(
    fc.property(seededKeys, messages, ({ privateKey, publicKey }, bytes) => {
      for (const [, signer] of implementations) {
        const signature = signer.sign(privateKey, bytes);
        for (const [, verifier] of implementations) assert.ok(verifier.verify(publicKey, bytes, signature));
      }
    }),
    { seed: 20260102, numRuns: 20 },
  );
});

test('both implementations answer alike for arbitrary signatures and keys', () => {
  const bytes64 = fc.uint8Array({ minLength: 64, maxLength: 64 }).map(base64);
  const anyKey = fc.oneof(fc.constant(vector.publicKey), bytes64, fc.string());
  fc.assert(
    fc.property(anyKey, messages, fc.oneof(bytes64, fc.string()), (key, bytes, signature) => {
      assert.equal(nativeSm2?.verify(key, bytes, signature), pureSm2.verify(key, bytes, signature));
    }),
    { seed: 20260103, numRuns: 100 },
  );
});

test('the native implementation is the chosen one', () => {
  assert.equal(verify, nativeSm2?.verify);
  assert.equal(sign, nativeSm2?.sign);
});

test("Node's own crypto sees no error left behind by a refused signature or key", () => {
  const untouched = messageOf(() => createPublicKey('nonsense'));
  verify(vector.publicKey, Buffer.of(1), vector.signature);
  verify(base64(Buffer.alloc(65, 4)), vector.bytes, vector.signature);
  assert.equal(
    messageOf(() => createPublicKey('nonsense')),
    untouched,
  );
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return assert.fail('expected an error');
}

test('keys that left the cache still verify when they come back', () => {
  const [first, ...others] = Array.from({ length: 1100 }, (_, i) => generateKeyPair((n) => Buffer.alloc(n, `${i}/`)));
  assert.ok(first);
  const signature = sign(first.privateKey, vector.bytes);
  assert.ok(verify(first.publicKey, vector.bytes, signature));
  for (const { publicKey } of others) assert.ok(!verify(publicKey, vector.bytes, signature));
  assert.ok(verify(first.publicKey, vector.bytes, signature));
});
