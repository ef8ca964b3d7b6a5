import { type SignedDocument, signed } from '../clients/documents.ts';
import type { Evidence, Prechecked, Prescribed } from '../clients/types.ts';
import type { Practitioner } from '../world/practitioners.ts';
import type { Director } from './director.ts';
import { fill } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused } from './outcome.ts';
import { doctorSigns, evidenceFor, precheck, prescribedIn, send, upload } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

type Attempt = { scene: Scene; visit: Visit; prescribed: Prescribed; prechecked: Prechecked; stranger: Practitioner };
type Sent = { document: SignedDocument; evidence: Evidence[] };

/** A signature that is none, refused with this code; then the right one, and the prescription is filled. */
function wronglySigned(name: string, code: string, wrong: (attempt: Attempt) => Sent | Promise<Sent>): Kind {
  return {
    name,
    cast(director) {
      const visit = director.visit({ single: true });
      const stranger = colleague(director, visit);
      return {
        expected: [code, 'HANDED_OVER'],
        persons: [visit.person],
        async act(scene) {
          const prescribed = prescribedIn(scene, visit);
          const prechecked = accepted('pre-check', await precheck(scene, visit, prescribed));
          const { document, evidence } = await wrong({ scene, visit, prescribed, prechecked, stranger });
          refused(scene, 'upload', await send(scene, visit, prechecked, document, evidence), code);
          await fill(scene, visit, await upload(scene, visit, prescribed, prechecked));
        },
      };
    },
  };
}

/** Somebody of the same hospital whom the scheme does not admit. */
function colleague(director: Director, { hospital, doctor }: Visit): Practitioner {
  const staff = director.world.doctors.filter(
    ({ record, filed }) => !filed && record.institutionId === hospital.record.institutionId,
  );
  return director.random.pick(staff.filter((each) => each !== doctor));
}

/** The right document and evidence, but for the doctor's signature. */
function signedBy({ scene, visit, prescribed, prechecked }: Attempt, sign: (bytes: Uint8Array) => string): Sent {
  const right = doctorSigns(visit, prescribed, prechecked);
  const document = { ...right, signature: sign(right.bytes) };
  return { document, evidence: evidenceFor(scene, visit, prechecked, document) };
}

const by = (privateKey: string, bytes: Uint8Array): string =>
  signed(privateKey, JSON.parse(Buffer.from(bytes).toString())).signature;

/** One bit of the signature changed on its way. */
export const flippedBit = wronglySigned('signature-flipped-bit', 'DOCTOR_SIGNATURE_INVALID', (attempt) =>
  signedBy(attempt, (bytes) => {
    const signature = Buffer.from(by(attempt.visit.doctor.signer.privateKey, bytes), 'base64');
    signature.writeUInt8(signature.readUInt8(40) ^ 1, 40);
    return signature.toString('base64');
  }),
);

/** Somebody else's key in the doctor's name. */
export const otherKey = wronglySigned('signature-other-key', 'DOCTOR_SIGNATURE_INVALID', (attempt) =>
  signedBy(attempt, (bytes) => by(attempt.stranger.signer.privateKey, bytes)),
);

/** The doctor's own key of years ago, which was changed since. */
export const formerKey = wronglySigned('signature-former-key', 'DOCTOR_SIGNATURE_INVALID', (attempt) =>
  signedBy(attempt, (bytes) => by(attempt.visit.doctor.former.privateKey, bytes)),
);

/** A colleague who is not admitted signs properly, in the own name, what another doctor may prescribe. */
export const signerNotAdmitted = wronglySigned('signature-not-admitted', 'DOCTOR_SIGNATURE_INVALID', (attempt) => {
  const { stranger } = attempt;
  const { document, evidence } = signedBy(attempt, (bytes) => by(stranger.signer.privateKey, bytes));
  const signer = stranger.record.practitionerId;
  return { document, evidence: evidence.map((each) => (each.role === 'DOCTOR' ? { ...each, signer } : each)) };
});

/** The doctor's signature of something else under the right document. */
export const otherContent = wronglySigned('signature-other-content', 'DOCTOR_SIGNATURE_INVALID', (attempt) =>
  signedBy(attempt, () => by(attempt.visit.doctor.signer.privateKey, Buffer.from('{"schema":"erx.prescription.v1"}'))),
);

/** Everything is signed and right, for another prescription of the same patient. */
export const otherPrescription = wronglySigned(
  'signature-other-prescription',
  'PRESCRIPTION_TAMPERED',
  async ({ scene, visit, prescribed }) => {
    const other = accepted('pre-check', await precheck(scene, visit, prescribed));
    const document = doctorSigns(visit, prescribed, other);
    return { document, evidence: evidenceFor(scene, visit, other, document) };
  },
);
