import { formatInstant } from '@erx/values';
import type { AuthorityClient } from '../clients/authority.ts';
import { endorsementContent, signed } from '../clients/documents.ts';
import { fixtureOf } from '../world/fixture.ts';
import { HUBEI } from '../world/periods.ts';
import { type Practitioner, REVOCABLE } from '../world/practitioners.ts';
import { arrive, fill, find } from './fill.ts';
import { hospitalSees } from './hospital-view.ts';
import type { ClockKind } from './last-act.ts';
import { accepted, refused } from './outcome.ts';
import { type Issued, patientOf, precheck, prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';
import { eventually } from './wait.ts';

/**
 * HB-22-0: the doctor who signed loses the filing, and everything unsold of that hand is on hold, until another admitted
 * doctor of the hospital signs for it. The doctor has the filing back at the end, for the next run.
 */
export const heldAndReleased: ClockKind = {
  name: 'held-and-released',
  cast(director) {
    const reserved = fixtureOf(director.world.doctors, REVOCABLE);
    const hospital = fixtureOf(director.world.hospitals, 'H1');
    const visit: Visit = {
      ...director.visit({ province: HUBEI, drugClass: 'SEPARATE_PAY', hospital, single: true }),
      doctor: reserved,
    };
    const colleague = director.doctor(hospital, true);
    return {
      expected: ['PRESCRIPTION_ON_HOLD', 'CIRCULATING', 'HANDED_OVER'],
      persons: [visit.person],
      steps: [
        {
          after: 0,
          async act(scene, authority) {
            const { counter } = visit;
            await admit(scene, authority, visit);
            const issued = await prescribe(scene, visit);
            const grantId = await arrive(scene, patientOf(visit), counter);
            await find(scene, issued, counter, grantId);
            await revoke(scene, authority, reserved);
            await hospitalSees(scene, visit, issued, 'the hold', ({ status }) => status === 'ON_HOLD');
            const answer = await scene.pharmacy(counter.pharmacy).lock(issued.prescriptionId, grantId, issued.qr);
            refused(scene, 'lock', answer, 'PRESCRIPTION_ON_HOLD');
            scene.log.push(await endorse(scene, visit, issued, colleague));
            await fill(scene, visit, issued);
            await admit(scene, authority, visit);
          },
        },
      ],
    };
  },
};

/** The doctor may prescribe, whatever an earlier run left: told once more, and seen by whoever decides. */
async function admit(scene: Scene, authority: AuthorityClient, visit: Visit): Promise<void> {
  accepted('import-reference', await authority.changePractitioners([visit.doctor.record]));
  await eventually('the filing', async () => ((await precheck(scene, visit)).ok ? true : undefined));
}

async function revoke(scene: Scene, authority: AuthorityClient, { record }: Practitioner): Promise<void> {
  const now = formatInstant(scene.now());
  const filings = record.filings.flatMap(({ scheme, status, period }) => [
    { scheme, status, period: { from: period.from, to: now } },
    { scheme, status: 'REVOKED', period: { from: now } },
  ]);
  accepted('import-reference', await authority.changePractitioners([{ ...record, filings }]));
}

/** Another doctor of the hospital signs; gives what became of the prescription. */
async function endorse(scene: Scene, visit: Visit, issued: Issued, { record, signer }: Practitioner): Promise<string> {
  const document = signed(
    signer.privateKey,
    endorsementContent({
      prescriptionId: issued.prescriptionId,
      hiRxno: issued.hiRxno,
      prescriptionSm3: issued.documentSm3,
      doctorId: record.practitionerId,
      hospitalId: record.institutionId,
      endorsedAt: scene.now(),
    }),
  );
  const client = scene.hospital(visit.hospital);
  return accepted('endorse', await client.endorse(issued.prescriptionId, record.practitionerId, document)).status;
}
