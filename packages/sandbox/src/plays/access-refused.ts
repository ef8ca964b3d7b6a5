import { IdentityAuthority } from '../clients/identity-authority.ts';
import { approve, arrive, buy, fill, find, lock, pharmacistSigns } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused } from './outcome.ts';
import { type Issued, patientOf, prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

/** CX-28b: a credential that looks right, signed by somebody who is not the authority. */
export const forgedCredential: Kind = {
  name: 'forged-credential',
  cast(director) {
    const visit = director.visit();
    return {
      expected: ['CREDENTIAL_INVALID', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { pharmacy } = visit.counter;
        const issued = await prescribe(scene, visit);
        const { institutionId } = scene.world.identityAuthority.record;
        const forger = new IdentityAuthority(institutionId, visit.doctor.signer.privateKey);
        const forged = forger.credential(patientOf(visit), pharmacy.record.institutionId, scene.now());
        refused(scene, 'identity', await scene.pharmacy(pharmacy).checkIdentity(forged), 'CREDENTIAL_INVALID');
        await fill(scene, visit, issued);
      },
    };
  },
};

/** The patient showed the card at another pharmacy: what was given there opens nothing here. */
export const foreignGrant: Kind = {
  name: 'foreign-grant',
  cast(director) {
    const visit = director.visit();
    const other = director.otherCounter(visit);
    return {
      expected: ['GRANT_INVALID', 'GRANT_INVALID', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const issued = await prescribe(scene, visit);
        const foreign = await arrive(scene, patientOf(visit), other);
        const client = scene.pharmacy(visit.counter.pharmacy);
        refused(scene, 'search', await client.search(foreign), 'GRANT_INVALID');
        const answer = await client.lock(issued.prescriptionId, foreign, issued.qr);
        refused(scene, 'lock', answer, 'GRANT_INVALID');
        await fill(scene, visit, issued);
      },
    };
  },
};

/** Found and taken, the history not yet read. */
async function takeUnread(scene: Scene, { counter, ...visit }: Visit, issued: Issued): Promise<string> {
  const grantId = await arrive(scene, patientOf({ ...visit, counter }), counter);
  await find(scene, issued, counter, grantId);
  await lock(scene, issued, counter, grantId);
  return grantId;
}

/** CX-14-1b: the licence has run out: no history is shown, and without it no review counts (HB-28b). */
export const unlicensedPharmacist: Kind = {
  name: 'unlicensed-pharmacist',
  cast(director) {
    const visit = director.visit();
    const { pharmacy } = visit.counter;
    const former = director.world.pharmacists.find(
      ({ licensed, record }) => !licensed && record.institutionId === pharmacy.record.institutionId,
    );
    if (former === undefined) throw new RangeError('everybody has a licence there');
    return {
      expected: ['PHARMACIST_NOT_LICENSED', 'HISTORY_NOT_VIEWED', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const client = scene.pharmacy(pharmacy);
        const counter = { pharmacy, pharmacist: former };
        const { practitionerId } = former.record;
        const issued = await prescribe(scene, visit);
        const grantId = await takeUnread(scene, visit, issued);
        const history = await client.history(issued.prescriptionId, grantId, practitionerId);
        refused(scene, 'history', history, 'PHARMACIST_NOT_LICENSED');
        const review = pharmacistSigns(scene, issued, counter);
        const answer = await client.review(issued.prescriptionId, practitionerId, review);
        refused(scene, 'review', answer, 'HISTORY_NOT_VIEWED');
        await approve(scene, issued, visit.counter, grantId);
        await buy(scene, visit, issued, visit.counter, grantId);
      },
    };
  },
};

/** A clerk signs: as a pharmacist of another house, or, when the own pharmacist has read the history, in that name. */
export const clerkSigns: Kind = {
  name: 'clerk-signs',
  cast(director) {
    const visit = director.visit();
    const elsewhere = director.otherCounter(visit).pharmacist;
    return {
      expected: ['PHARMACIST_NOT_LICENSED', 'HISTORY_NOT_VIEWED', 'PHARMACIST_SIGNATURE_INVALID', 'HANDED_OVER'],
      persons: [visit.person],
      async act(scene) {
        const { counter } = visit;
        const client = scene.pharmacy(counter.pharmacy);
        const { practitionerId } = counter.pharmacist.record;
        const issued = await prescribe(scene, visit);
        const grantId = await takeUnread(scene, visit, issued);
        const byStranger = pharmacistSigns(scene, issued, { ...counter, pharmacist: elsewhere });
        const stranger = elsewhere.record.practitionerId;
        const shown = await client.history(issued.prescriptionId, grantId, stranger);
        refused(scene, 'history', shown, 'PHARMACIST_NOT_LICENSED');
        const first = await client.review(issued.prescriptionId, stranger, byStranger);
        refused(scene, 'review', first, 'HISTORY_NOT_VIEWED');
        accepted('history', await client.history(issued.prescriptionId, grantId, practitionerId));
        const inOtherName = pharmacistSigns(scene, issued, {
          ...counter,
          pharmacist: { ...counter.pharmacist, signer: elsewhere.signer },
        });
        const second = await client.review(issued.prescriptionId, practitionerId, inOtherName);
        refused(scene, 'review', second, 'PHARMACIST_SIGNATURE_INVALID');
        await approve(scene, issued, counter, grantId);
        await buy(scene, visit, issued, counter, grantId);
      },
    };
  },
};
