import type { Answer } from '../clients/http.ts';
import type { AgentAtCounter, AgentPurchase, Grant } from '../clients/types.ts';
import type { Person as PersonInWorld } from '../world/persons.ts';
import { basketOf, buy, buyOnly, handOver, takeFor } from './fill.ts';
import type { Kind } from './kind.ts';
import { accepted, refused, Surprise } from './outcome.ts';
import { type Issued, patientOf, prescribe } from './prescribe.ts';
import type { Scene } from './stage.ts';
import type { Visit } from './visit.ts';

const RELATION = 'CHILD';
/** Pages of the register that one look takes at most. */
const MOST_PAGES = 50;

type Errand = { visit: Visit; agent: PersonInWorld };
/** What the agent does wrong at the counter, if anything. */
type Slip = 'NO_CREDENTIAL' | 'OTHER_FACE' | 'NO_CREDENTIAL_OF_PATIENT' | 'NO_PHONE';

/** Somebody else brings the patient's card and the own one (HB-24a). */
function present(scene: Scene, { visit, agent }: Errand, slip?: Slip): Promise<Answer<Grant>> {
  const { pharmacy } = visit.counter;
  const at = pharmacy.record.institutionId;
  const { certType, certNo, name, phone } = agent.record;
  const own = scene.identityAuthority.credential({ certType, certNo, name }, at, scene.now(), {
    faceMatch: slip !== 'OTHER_FACE',
  });
  const seen = { faceMatch: false, presenter: 'AGENT' } as const;
  const ofPatient = scene.identityAuthority.credential(patientOf(visit), at, scene.now(), seen);
  const shown: AgentAtCounter = {
    relation: RELATION,
    ...(slip === 'NO_CREDENTIAL' ? {} : { credential: own }),
    ...(slip === 'NO_PHONE' ? {} : { phone }),
  };
  const credential = slip === 'NO_CREDENTIAL_OF_PATIENT' ? '' : ofPatient;
  return scene.pharmacy(pharmacy).checkIdentity(credential, shown);
}

/** The way of an agent, with whatever goes wrong on it. */
function errand(
  name: string,
  expected: readonly string[],
  act: (scene: Scene, errand: Errand, issued: Issued) => Promise<void>,
): Kind {
  return {
    name,
    cast(director) {
      const visit = director.visit();
      let agent = director.person(visit.person.province, 'GOOD');
      while (agent === visit.person) agent = director.person(visit.person.province, 'GOOD');
      return {
        expected,
        persons: [visit.person, agent],
        act: async (scene) => act(scene, { visit, agent }, await prescribe(scene, visit)),
      };
    },
  };
}

/** The agent gets the packs and signs for them; the register says who collected for whom. */
export const agentCollects = errand('agent-collects', ['HANDED_OVER'], async (scene, { visit, agent }, issued) => {
  const { counter } = visit;
  const { grantId } = accepted('identity', await present(scene, { visit, agent }));
  await takeFor(scene, issued, counter, grantId);
  const { saleId } = await buy(scene, visit, issued, counter, grantId);
  const entry = await inRegister(scene, visit, saleId);
  const named = entry.patient.name === visit.person.record.name && entry.agent.name === agent.record.name;
  const reached = entry.agent.phone === agent.record.phone && entry.relation === RELATION;
  if (!named || !reached || entry.handedOverAt === undefined) throw new Surprise('agent-register: not as it was');
});

async function inRegister(scene: Scene, { counter }: Visit, saleId: string): Promise<AgentPurchase> {
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { purchases } = accepted('agent-register', await scene.pharmacy(counter.pharmacy).agentPurchases(after));
    const entry = purchases.find((each) => each.saleId === saleId);
    if (entry !== undefined) return entry;
    after = purchases.at(-1)?.saleId;
    if (after === undefined) break;
  }
  throw new Surprise('agent-register: the purchase is missing');
}

function turnedAway(name: string, code: string, ...slips: Slip[]): Kind {
  return errand(name, [...slips.map(() => code), 'HANDED_OVER'], async (scene, away, issued) => {
    for (const slip of slips) refused(scene, 'identity', await present(scene, away, slip), code);
    const { counter } = away.visit;
    const { grantId } = accepted('identity', await present(scene, away));
    await takeFor(scene, issued, counter, grantId);
    await buy(scene, away.visit, issued, counter, grantId);
  });
}

export const agentUnverified = turnedAway(
  'agent-unverified',
  'AGENT_IDENTITY_UNVERIFIED',
  'NO_CREDENTIAL',
  'OTHER_FACE',
  'NO_CREDENTIAL_OF_PATIENT',
);

export const agentWithoutContact = turnedAway('agent-without-contact', 'AGENT_CONTACT_MISSING', 'NO_PHONE');

/** HB-24d: nothing leaves the counter before the agent has signed the list. */
export const agentWithoutSignature = errand(
  'agent-without-signature',
  ['AGENT_SIGNATURE_MISSING', 'HANDED_OVER'],
  async (scene, away, issued) => {
    const { visit } = away;
    const { counter } = visit;
    const { grantId } = accepted('identity', await present(scene, away));
    await takeFor(scene, issued, counter, grantId);
    const sale = await buyOnly(scene, visit, issued, counter, grantId, basketOf(visit));
    const unsigned = { grantId, signatureImage: '', listSm3: sale.listSm3 };
    const answer = await scene.pharmacy(counter.pharmacy).handOver(sale.saleId, unsigned);
    refused(scene, 'hand-over', answer, 'AGENT_SIGNATURE_MISSING');
    await handOver(scene, visit, counter, grantId, sale);
  },
);
