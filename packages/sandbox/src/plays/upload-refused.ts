import { signed } from '../clients/documents.ts';
import type { Evidence, Prechecked } from '../clients/types.ts';
import { fill } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused } from './outcome.ts';
import { doctorSigns, evidenceFor, precheck, prescribedIn, send, upload } from './prescribe.ts';
import { readBack } from './read-back.ts';

const FLIPPED = ['DOCTOR_SIGNATURE_INVALID', 'PATIENT_CONSENT_MISSING', 'PRESCRIPTION_TAMPERED'];

/**
 * Something else is sent than was allowed, or than was signed. A doctor who signs other quantities than the pre-check saw
 * has tampered; bytes that changed on their way make every signature void as well.
 */
export const tamperedDocument: Kind = {
  name: 'tampered-document',
  cast(director) {
    const visit = director.visit({ single: true });
    const afterSigning = director.random.below(2) === 0;
    const codes = afterSigning ? FLIPPED : ['PRESCRIPTION_TAMPERED'];
    return {
      expected: [codes.join('+'), 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const prescribed = prescribedIn(scene, visit);
        const prechecked = accepted('pre-check', await precheck(scene, visit, prescribed));
        const original = doctorSigns(visit, prescribed, prechecked);
        const altered = doctorSigns(visit, prescribed, twice(prechecked));
        const document = afterSigning ? { ...original, bytes: altered.bytes } : altered;
        const evidence = evidenceFor(scene, visit, prechecked, afterSigning ? original : altered);
        refused(scene, 'upload', await send(scene, visit, prechecked, document, evidence), ...codes);
        const issued = await upload(scene, visit, prescribed, prechecked);
        await fill(scene, visit, issued);
        await readBack(scene, visit, issued);
      },
    };
  },
};

function twice(prechecked: Prechecked): Prechecked {
  const lines = prechecked.lines.map((line) => ({ ...line, quantity: String(Number(line.quantity) * 2) }));
  return { ...prechecked, lines };
}

/** CX-21h: that the patient agreed has to be proved; a field that says so, or a statement by nobody, proves nothing. */
export const consentFlagOnly: Kind = {
  name: 'consent-flag-only',
  cast(director) {
    const visit = director.visit();
    const missing = director.random.below(2) === 0;
    return {
      expected: ['PATIENT_CONSENT_MISSING', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const prescribed = prescribedIn(scene, visit);
        const prechecked = accepted('pre-check', await precheck(scene, visit, prescribed));
        const document = doctorSigns(visit, prescribed, prechecked);
        const proved = evidenceFor(scene, visit, prechecked, document).filter(({ role }) => role !== 'PATIENT_CONSENT');
        const flag: Evidence = {
          role: 'PATIENT_CONSENT',
          format: 'AUTHORITY_STATEMENT',
          signer: scene.world.identityAuthority.record.institutionId,
          ...byNobody(visit.hospitalPharmacist.signer.privateKey),
        };
        const evidence = missing ? proved : [...proved, flag];
        refused(scene, 'upload', await send(scene, visit, prechecked, document, evidence), 'PATIENT_CONSENT_MISSING');
        await fill(scene, visit, await upload(scene, visit, prescribed, prechecked));
      },
    };
  },
};

function byNobody(privateKey: string): Pick<Evidence, 'content' | 'signature'> {
  const { bytes, signature } = signed(privateKey, { schema: 'erx.consent.v1', consent: true });
  return { content: Buffer.from(bytes).toString('base64'), signature };
}
