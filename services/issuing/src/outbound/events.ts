import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { Actor, Judgement, PrescriptionLine } from '@erx/proto/common/v1/common';
import type { Evidence, PrescriptionPrechecked } from '@erx/proto/issuing/v1/issuing_events';
import type { Call } from '@erx/rpc';
import type { Contents, LineRow, PrescriptionRow } from '../store/prescription-store.ts';

const source = 'issuing';

/** Who, when, and by which data it was judged. */
export type JudgedAct = { actor: Actor; judgement: Judgement; territory: readonly string[] };

export function judgedAct(
  { actor, at: businessTime, machineAt: machineTime }: Pick<Call, 'actor' | 'at' | 'machineAt'>,
  profileVersion: string,
  lines: readonly Pick<LineRow, 'drugCode' | 'listVersion'>[],
  territory: readonly string[],
): JudgedAct {
  const listVersions = lines.map(({ drugCode, listVersion }) => `${drugCode}@${listVersion}`);
  return { actor, judgement: { businessTime, machineTime, profileVersion, listVersions }, territory };
}

/** 预核验通过. */
export function prescriptionPrechecked(
  facts: Omit<PrescriptionPrechecked, 'context'>,
  act: JudgedAct,
  causationId: string | undefined,
): OutgoingEvent {
  const { context, address } = frame(facts.prescriptionId, act, causationId);
  return outgoing('erx.issuing.v1.PrescriptionPrechecked', { context, ...facts }, address);
}

export type Circulating = {
  row: PrescriptionRow;
  contents: Contents;
  document: { sealed: Uint8Array; sm3: string };
  hospitalPharmacistId: string;
  evidence: Evidence[];
};

/** 进入流转: caused by the pre-check. */
export function prescriptionCirculating(
  { row, contents, document, hospitalPharmacistId, evidence }: Circulating,
  act: JudgedAct,
): OutgoingEvent {
  const { prescriptionId, hiRxno, rxTraceCode, hospitalId, doctorId, personId, category, prescribedAt, validUntil } =
    row;
  const { nameSealed, identitySealed, phoneSealed, poolingRegion, insuranceType, remoteFilingRegions } = row;
  const { context, address } = frame(prescriptionId, act, row.lastEventId);
  return outgoing(
    'erx.issuing.v1.PrescriptionCirculating',
    {
      context,
      prescriptionId,
      hiRxno,
      rxTraceCode,
      hospitalId,
      doctorId,
      hospitalPharmacistId,
      patient: { personId, nameSealed, identitySealed, phoneSealed },
      documentSealed: document.sealed,
      documentSm3: document.sm3,
      category,
      diagnoses: contents.diagnoses.map(({ code, name }) => ({ code, name })),
      lines: contents.lines.map(lineMessage),
      prescribedAt,
      validUntil,
      evidence,
      // Only an active relation passes the pre-check.
      insurance: { personId, poolingRegion, insuranceType, active: true, remoteFilingRegions },
      replaces: row.replaces ?? '',
    },
    address,
  );
}

/** A stored line without what it was judged by. */
export function lineMessage(line: LineRow): PrescriptionLine {
  const { lineNo, drugCode, genericName, specification, quantity, days, usage, drugClass } = line;
  return { lineNo, drugCode, genericName, specification, quantity, days, usage, drugClass };
}

function frame(key: string, { actor, judgement, territory }: JudgedAct, causationId: string | undefined) {
  const at = judgement.machineTime;
  if (at === undefined) throw new Error('an act has its machine time');
  return { context: { actor, judgement }, address: { source, key, at, causationId, territory } };
}
