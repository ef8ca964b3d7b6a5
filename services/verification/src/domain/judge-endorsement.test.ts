import assert from 'node:assert/strict';
import test from 'node:test';
import { sm3Hex } from '@erx/gm';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { judgeEndorsement } from './judge-endorsement.ts';
import { practitioner, type SignedBytes } from './signer.fixture.ts';
import * as world from './world.fixture.ts';

const sm3 = 'ab'.repeat(32);
const signed = (change: Record<string, unknown> = {}, signer = world.endorser) =>
  signer.signed(world.endorsement(sm3, change));
const registered = world.reference.practitioner(world.ENDORSER);

type Change = { offered?: SignedBytes; doctorId?: string; doctor?: Practitioner | undefined };

function judge({ offered = signed(), doctorId = world.ENDORSER, ...rest }: Change) {
  const doctor = 'doctor' in rest ? rest.doctor : registered;
  return judgeEndorsement(
    { ...offered, doctorId },
    { hospitalId: world.HOSPITAL, prescriptionId: world.PRESCRIPTION, prescriptionSm3: sm3, doctor, at: world.now },
  );
}
const changed = (change: Partial<Practitioner>) => practitioner({ ...registered, ...change });

test('HB-22-0 a doctor’s endorsement of exactly this prescription is a proof with its bytes, key and time', () => {
  const offered = signed();
  const { proof, refused } = judge({ offered });
  assert.deepEqual(refused, []);
  assert.deepEqual(proof, {
    role: 'ENDORSEMENT',
    signer: world.ENDORSER,
    format: 'SM2_RAW',
    bytesSm3: sm3Hex(offered.bytes),
    content: offered.bytes,
    contentSealed: false,
    signature: offered.signature,
    keyId: 'key-of-endorser',
    signedAt: new Date('2026-03-02T09:55:00+08:00'),
    result: 'VALID',
  });
});

const noKey = 'DOCTOR_SIGNATURE_INVALID /signature NO_KEY_ON_RECORD_MADE_IT';
const notNamed = 'DOCTOR_SIGNATURE_INVALID /signature NOT_THE_DOCTOR_NAMED';
const otherDocument = 'PRESCRIPTION_TAMPERED /document ENDORSEMENT_OF_ANOTHER_DOCUMENT';
const over = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2026-03-02T09:55:00+08:00') };
const cases: [name: string, change: Change, expected: string[]][] = [
  ['another key', { offered: signed({}, world.stranger) }, [noKey]],
  [
    'a key that was over when it signed',
    { doctor: changed({ keys: [{ ...world.endorser.key, valid: over }] }) },
    [noKey],
  ],
  ['a signature in the future', { offered: signed({ endorsedAt: '2026-03-02T10:06:00+08:00' }) }, [noKey]],
  ['a signature over other bytes', { offered: { ...signed(), signature: signed({ hiRxno: '1' }).signature } }, [noKey]],
  ['an endorsement that names somebody else', { offered: signed({ doctorId: world.DOCTOR }) }, [notNamed]],
  ['a pharmacist', { doctor: changed({ kind: 'HOSPITAL_PHARMACIST' }) }, [notNamed]],
  ['nobody on record', { doctor: undefined }, [notNamed]],
  [
    'a doctor of another hospital',
    { doctor: changed({ institutionId: 'H-2' }) },
    ['DOCTOR_NOT_AT_INSTITUTION /doctorId'],
  ],
  [
    'another hospital’s endorsement',
    { offered: signed({ hospitalId: 'H-2' }) },
    ['DOCTOR_NOT_AT_INSTITUTION /doctorId'],
  ],
  ['an endorsement of another prescription', { offered: signed({ prescriptionId: 'another' }) }, [otherDocument]],
  ['an endorsement of other bytes', { offered: signed({ prescriptionSm3: 'cd'.repeat(32) }) }, [otherDocument]],
  [
    'bytes that are no endorsement',
    { offered: world.endorser.signed({ schema: 'erx.review.v1' }) },
    ['REQUEST_INVALID /document NOT_THE_SCHEMA'],
  ],
  ['nothing', { offered: { bytes: new Uint8Array(), signature: '' } }, ['REQUEST_INVALID /document EMPTY']],
  ['no instant', { offered: signed({ endorsedAt: 'now' }) }, ['REQUEST_INVALID /document NOT_AN_INSTANT']],
  [
    'everything at once',
    { offered: signed({ hospitalId: 'H-2', prescriptionId: 'another' }, world.stranger) },
    ['DOCTOR_NOT_AT_INSTITUTION /doctorId', otherDocument, noKey],
  ],
];
for (const [name, change, expected] of cases) {
  test(`HB-42a CX-28c ${name} is refused`, () => assert.deepEqual(world.shown(judge(change)), expected));
}
