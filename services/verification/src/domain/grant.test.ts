import assert from 'node:assert/strict';
import test from 'node:test';
import { actorOf } from '@erx/rpc';
import { judgeGrant, judgePurpose } from './grant.ts';

const expiresAt = new Date('2026-03-02T10:30:00+08:00');
const before = new Date(expiresAt.getTime() - 1);

test('a grant is alive for its holder, its purpose and until its end; every other combination is GRANT_INVALID', () => {
  const grant = { holderId: 'P-1', purpose: 'DISPENSE', expiresAt };
  for (const held of [grant, undefined]) {
    for (const holderId of ['P-1', 'P-2', '']) {
      for (const purpose of ['DISPENSE', 'PATIENT_ACCESS', '']) {
        for (const at of [before, expiresAt]) {
          const good = held !== undefined && holderId === 'P-1' && purpose === 'DISPENSE' && at === before;
          const code = judgeGrant(held, { holderId, purpose, at })?.refused[0]?.code;
          assert.equal(code, good ? undefined : 'GRANT_INVALID', `${holderId} ${purpose} ${at.toISOString()}`);
        }
      }
    }
  }
});

test('role × purpose × place: pharmacies dispense at home, apps look for themselves, nobody else does anything', () => {
  const actors = {
    PHARMACY: actorOf({ clientId: 'c', role: 'PHARMACY', institutionId: 'P-1' }),
    PATIENT: actorOf({ clientId: 'c', role: 'PATIENT' }),
    HOSPITAL: actorOf({ clientId: 'c', role: 'HOSPITAL', institutionId: 'P-1' }),
  };
  const allowed = new Set(['PHARMACY DISPENSE P-1', 'PATIENT PATIENT_ACCESS ', 'PATIENT PATIENT_ACCESS c']);
  for (const [role, actor] of Object.entries(actors)) {
    for (const purpose of ['DISPENSE', 'PATIENT_ACCESS', 'OTHER']) {
      for (const institutionId of ['P-1', 'P-2', 'c', '']) {
        const name = `${role} ${purpose} ${institutionId}`;
        const code = judgePurpose(actor, institutionId, purpose)?.refused[0]?.code;
        assert.equal(code, allowed.has(name) ? undefined : 'ACCESS_SCOPE_DENIED', name);
      }
    }
  }
});
