import type { Prescribed } from '../clients/types.ts';
import { OUT_OF_SCOPE } from '../world/diagnoses.ts';
import { HUBEI, JILIN } from '../world/periods.ts';
import type { Director } from './director.ts';
import { fill } from './fill.ts';
import type { Kind } from './kind.ts';
import { refused } from './outcome.ts';
import { precheck, prescribe, prescribedIn } from './prescribe.ts';
import type { Visit } from './visit.ts';

/** Asked wrongly, refused with this code; then asked rightly and filled. */
function mended(
  name: string,
  code: string,
  choose: (director: Director) => { visit: Visit; wrong: (prescribed: Prescribed) => Prescribed },
): Kind {
  return {
    name,
    cast(director) {
      const { visit, wrong } = choose(director);
      return {
        expected: [code, 'HANDED_OVER'],
        persons: [visit.person],
        async act(scene) {
          refused(scene, 'pre-check', await precheck(scene, visit, wrong(prescribedIn(scene, visit))), code);
          await fill(scene, visit, await prescribe(scene, visit));
        },
      };
    },
  };
}

/** HB-6c, HB-42a. */
export const doctorNotFiled = mended('doctor-not-filed', 'DOCTOR_NOT_FILED', (director) => {
  const visit = director.visit({ province: HUBEI, drugClass: 'SEPARATE_PAY', single: true });
  const { practitionerId } = director.doctor(visit.hospital, false).record;
  return { visit, wrong: (prescribed) => ({ ...prescribed, doctorId: practitionerId }) };
});

/** HB-2b: a diagnosis that the limited scope does not name. */
export const offScope = mended('off-scope', 'OFF_PAYMENT_SCOPE', (director) => {
  const visit = director.visit({ single: true });
  return { visit, wrong: (prescribed) => ({ ...prescribed, diagnoses: [OUT_OF_SCOPE] }) };
});

/** GJ-0b, HB-3a. */
export const drugNotInScheme = mended('drug-not-in-scheme', 'DRUG_NOT_IN_SCHEME', (director) => {
  const visit = director.visit({ province: HUBEI, drugClass: 'DUAL_CHANNEL', single: true });
  const ordinary = director.world.drugs.find(({ record }) => record.entries.length === 0)?.record.drugCode ?? '';
  return {
    visit,
    wrong: (prescribed) => ({
      ...prescribed,
      lines: prescribed.lines.map((line) => ({ ...line, drugCode: ordinary })),
    }),
  };
});

/** Refused because of who the patient is: nothing to mend at the doctor's desk. */
function hopeless(name: string, code: string, choose: (director: Director) => Visit): Kind {
  return {
    name,
    cast(director) {
      const visit = choose(director);
      return {
        expected: [code],
        persons: [visit.person],
        async act(scene) {
          refused(scene, 'pre-check', await precheck(scene, visit), code);
        },
      };
    },
  };
}

/** HB-2a. */
export const insuredInactive = hopeless('insured-inactive', 'INSURED_STATUS_INACTIVE', (director) =>
  director.visit({ trait: 'INACTIVE' }),
);

/** HB-8a, JL-3-1c. */
export const filingInProgress = hopeless('filing-in-progress', 'QUALIFICATION_NOT_EFFECTIVE', (director) =>
  director.random.below(2) === 0
    ? director.visit({ province: HUBEI, drugClass: 'SEPARATE_PAY', trait: 'FILING_IN_PROGRESS' })
    : director.visit({ province: JILIN, trait: 'FILING_IN_PROGRESS' }),
);
