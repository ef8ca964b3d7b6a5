import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PractitionerPublished } from '@erx/proto/registry/v1/registry_events';
import { type HoldDeps, holdIfBarred } from '../commands/circulation/hold.ts';
import { nextChange } from '../domain/admission.ts';
import { lockSigner, saveSigner } from '../store/signer-store.ts';

/** 医师退出: what a doctor has signed is held from the moment that registry tells so; kept for what arrives later. */
export function onPractitionerPublished(deps: HoldDeps) {
  return async (tx: Tx, event: ConsumedEvent & { payload: PractitionerPublished }): Promise<void> => {
    const { practitioner, revision } = event.payload;
    if (practitioner?.kind !== 'DOCTOR') return;
    const { practitionerId } = practitioner;
    await lockSigner(tx, practitionerId);
    const isNews = await saveSigner(tx, practitioner, revision, nextChange(practitioner, deps.clock.now()));
    if (isNews) await holdIfBarred(tx, deps, practitionerId, practitioner);
  };
}
