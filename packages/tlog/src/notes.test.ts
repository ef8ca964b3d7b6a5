import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { leafHash } from './hash.ts';
import { isInvalid } from './invalid.ts';
import {
  formatSignerKey,
  formatVerifierKey,
  keyTypes,
  parseSignerKey,
  parseVerifierKey,
  type SignerKey,
  signerKey,
  type VerifierKey,
} from './note-key.ts';
import { formatProof, parseProof } from './proof-file.ts';
import { formatNote, parseNote, signText, verifySignatures } from './signed-note.ts';
import { parseWitnesses } from './witness-list.ts';
import { formatWitnessRequest, parseWitnessRequest } from './witness-request.ts';

// golang.org/x/mod/sumdb/note, its tests
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_PRIVATE = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_SIGNED =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_SIGNED =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
// C2SP signed-note, its example
const EXAMPLE = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE_NOTE =
  'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

function valid<T>(value: T): Exclude<T, { invalid: string }> {
  assert.ok(!isInvalid(value), JSON.stringify(value));
  return value as Exclude<T, { invalid: string }>;
}
const verifier = (text: string): VerifierKey => valid(parseVerifierKey(text));
const namesOf = (note: string, keys: readonly VerifierKey[]): string[] | undefined => {
  const parsed = parseNote(note);
  const signed = isInvalid(parsed) ? parsed : verifySignatures(parsed, keys);
  return isInvalid(signed) ? undefined : signed.map(({ key }) => key.name);
};
const log = signerKey('example.com/log', keyTypes.signature, new Uint8Array(32).fill(7));
const witness = signerKey('witness.example/w', keyTypes.cosignature, new Uint8Array(32).fill(9));
const root = leafHash(new Uint8Array([1]));
const checkpoint = formatCheckpoint({ origin: log.name, size: 1, root });
const note = (text: string, ...signers: SignerKey[]): string =>
  formatNote({ text, signatures: signers.map((signer) => signText(signer, text, 1_679_315_147)) });

test('keys and signatures are byte for byte those of the Go note package', () => {
  const peter = valid(parseSignerKey(PETER_PRIVATE));
  assert.equal(formatSignerKey(peter), PETER_PRIVATE);
  assert.equal(formatVerifierKey(peter), PETER);
  assert.equal(formatNote({ text: TEXT, signatures: [signText(peter, TEXT, 0)] }), `${TEXT}\n${PETER_SIGNED}`);
  const both = `${TEXT}\n${PETER_SIGNED}${ENOCH_SIGNED}`;
  assert.deepEqual(namesOf(both, [verifier(PETER), verifier(ENOCH)]), ['PeterNeumann', 'EnochRoot']);
  assert.deepEqual(namesOf(both, [verifier(ENOCH)]), ['EnochRoot']);
  assert.deepEqual(namesOf(both, []), []);
});

test('the example of C2SP signed-note is verified by its verifier key', () => {
  assert.deepEqual(namesOf(EXAMPLE_NOTE, [verifier(EXAMPLE)]), ['example.com/foo']);
});

test('no part and no single changed character of a key is a key', () => {
  for (const [text, parse] of [
    [PETER, parseVerifierKey],
    [PETER_PRIVATE, parseSignerKey],
  ] as const) {
    for (let from = 0; from < text.length; from += 1) {
      for (const to of [from + 1, text.length - 1]) assert.ok(isInvalid(parse(text.slice(from, to))));
      const changed = String.fromCharCode(text.charCodeAt(from) + 1);
      const wrong = `${text.slice(0, from)}${changed}${text.slice(from + 1)}`;
      assert.ok(isInvalid(parse(wrong)), wrong);
    }
  }
  // wrong length and unknown type, each with the id that would belong to it
  assert.ok(isInvalid(parseVerifierKey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==')));
  assert.ok(isInvalid(parseVerifierKey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')));
});

test('a note with any byte changed is not signed any more, and malformed ones are none', () => {
  const whole = note(checkpoint, log);
  fc.assert(
    fc.property(fc.nat(checkpoint.length - 1), fc.integer({ min: 1, max: 90 }), (at, by) => {
      const changed = String.fromCharCode(checkpoint.charCodeAt(at) + by);
      const wrong = `${whole.slice(0, at)}${changed}${whole.slice(at + 1)}`;
      assert.ok(isInvalid(openCheckpoint(wrong, [log])));
    }),
    { seed: 20261125 },
  );
  const wrong = [
    '',
    'text\n',
    'text\n\n',
    `${TEXT}${PETER_SIGNED}`,
    `${TEXT}\n${PETER_SIGNED.trimEnd()}`,
    `${TEXT}\n${PETER_SIGNED}rest`,
    `te\txt\n\n${PETER_SIGNED}`,
    `${TEXT}\n${PETER_SIGNED.replace('=', '')}`,
    `${TEXT}\n${PETER_SIGNED.replace('\u2014', '-')}`,
    `${TEXT}\n${PETER_SIGNED.repeat(101)}`,
  ];
  for (const each of wrong) assert.ok(isInvalid(parseNote(each)), JSON.stringify(each));
});

test('a false signature of a known key spoils the note, one of an unknown key counts for nothing', () => {
  const other = signerKey('other.example', keyTypes.signature, new Uint8Array(32).fill(3));
  const parsed = valid(parseNote(note(checkpoint, log, other)));
  const spoilt = parsed.signatures.map((each) =>
    each.name === other.name ? { ...each, signature: each.signature.map((byte) => byte ^ 1) } : each,
  );
  const text = formatNote({ text: checkpoint, signatures: spoilt });
  assert.deepEqual(namesOf(text, [log]), ['example.com/log']);
  assert.equal(namesOf(text, [log, other]), undefined);
});

test('signatures are those of Ed25519 in node:crypto, over the text and over the cosigned message', () => {
  const der = (seed: Uint8Array) => Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const sameAs = (key: SignerKey, message: string): Buffer =>
    sign(null, Buffer.from(message), createPrivateKey({ key: der(key.seed), format: 'der', type: 'pkcs8' }));
  assert.deepEqual(Buffer.from(signText(log, checkpoint, 0).signature), sameAs(log, checkpoint));
  const timed = Buffer.from(signText(witness, checkpoint, 1_679_315_147).signature);
  assert.equal(timed.readBigUInt64BE(), 1_679_315_147n);
  assert.deepEqual(timed.subarray(8), sameAs(witness, `cosignature/v1\ntime 1679315147\n${checkpoint}`));
});

test('a checkpoint is one only with the signature of its own log', () => {
  const opened = valid(openCheckpoint(note(checkpoint, log, witness), [log, witness]));
  assert.deepEqual(opened.checkpoint, { origin: 'example.com/log', size: 1, root });
  assert.deepEqual(
    opened.signed.map(({ key, at }) => [key.name, at]),
    [
      ['example.com/log', undefined],
      ['witness.example/w', 1_679_315_147],
    ],
  );
  assert.ok(isInvalid(openCheckpoint(note(checkpoint, witness), [log, witness])));
  assert.ok(isInvalid(openCheckpoint(note(checkpoint, log), [witness])));
  const foreign = formatCheckpoint({ origin: 'example.com/other', size: 1, root });
  assert.ok(isInvalid(openCheckpoint(note(foreign, log), [log])));
});

test('a checkpoint has origin, size without leading zeroes, and 32 bytes of root; further lines mean nothing', () => {
  assert.deepEqual(valid(parseCheckpoint(`${checkpoint}more\n`)).size, 1);
  const [origin, , hash] = checkpoint.split('\n');
  const wrong = [
    '',
    `\n1\n${hash}\n`,
    `${origin}\n01\n${hash}\n`,
    `${origin}\n-1\n${hash}\n`,
    `${origin}\n1\n${hash}`,
    `${origin}\n1\n${hash}\n\nmore\n`,
    `${origin}\n1\nAAAA\n`,
    `${origin}\n99999999999999999\n${hash}\n`,
  ];
  for (const each of wrong) assert.ok(isInvalid(parseCheckpoint(each)), JSON.stringify(each));
});

test('a proof and a request to a witness are found again in their text, and malformed ones are not', () => {
  const whole = note(checkpoint, log);
  const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 20 });
  fc.assert(
    fc.property(
      fc.nat(),
      hashes,
      fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
      (n, proof, extra) => {
        const file = { ...(extra === undefined ? {} : { extra }), index: n, proof, checkpoint: whole };
        assert.deepEqual(parseProof(formatProof(file)), file);
        const request = { oldSize: n, proof, checkpoint: whole };
        assert.deepEqual(parseWitnessRequest(formatWitnessRequest(request)), request);
      },
    ),
    { seed: 20261125 },
  );
  const proof = formatProof({ index: 5, proof: [root], checkpoint: whole });
  for (const [from, to] of [
    ['@v1', '@v2'],
    ['index 5', 'index 05'],
    ['index 5', 'indx 5'],
    ['index 5', 'extra ?\nindex 5'],
    ['=\n\n', '\n\n'],
  ] as const)
    assert.ok(isInvalid(parseProof(proof.replace(from, to))), to);
  const tooMany = { oldSize: 1, proof: Array.from({ length: 64 }, () => root), checkpoint: whole };
  assert.ok(isInvalid(parseWitnessRequest(formatWitnessRequest(tooMany))));
  assert.ok(isInvalid(parseWitnessRequest('new 1\n\n')));
});

test('witnesses are read from a policy file of C2SP; what is about readers is passed over, what is wrong is named', () => {
  const key = formatVerifierKey(witness);
  const policy = `# who cosigns
log ${formatVerifierKey(log)} https://log.example
 witness\tregulator ${key} https://witness.example/w/
quorum regulator
`;
  assert.deepEqual(valid(parseWitnesses(policy)), [{ key: verifier(key), url: 'https://witness.example/w' }]);
  assert.deepEqual(valid(parseWitnesses('quorum none\n')), []);
  for (const wrong of [
    'witness w',
    `witness w ${key}`,
    `witness w ${key} nowhere`,
    `witness w ${key} https://a.example b`,
    `witness w ${formatVerifierKey(log)} https://a.example`,
    `witness a ${key} https://a.example\nwitness b ${key} https://b.example`,
  ])
    assert.match((parseWitnesses(wrong) as { invalid: string }).invalid, /^line \d: /, wrong);
});
