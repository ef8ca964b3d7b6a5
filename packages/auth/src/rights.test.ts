import assert from 'node:assert/strict';
import test from 'node:test';
import { mayPerform, type Operation, operations, type Role, roles } from './rights.ts';

// Said a second time, by role: the table is by operation, and a slip there must not pass unseen.
const granted: Record<Role, readonly Operation[]> = {
  HOSPITAL: [
    'prescription.precheck',
    'prescription.upload',
    'prescription.read',
    'prescription.withdraw',
    'prescription.endorse',
    'chain.read',
  ],
  PHARMACY: [
    'identity.check',
    'prescription.find',
    'pharmacy.list',
    'prescription.lock',
    'prescription.release',
    'history.view',
    'prescription.review',
    'sale.quote',
    'sale.sell',
    'sale.hand-over',
    'sale.read',
    'sale.reverse',
    'agent-register.read',
    'code.read',
    'stock.receive',
    'stock.move',
    'stock.read',
    'chain.read',
  ],
  PATIENT: ['identity.check', 'prescription.find', 'pharmacy.list', 'chain.read'],
  REGULATOR: [
    'code.read',
    'audit.read',
    'subscription.read',
    'subscription.write',
    'chain.read',
    'recall.read',
    'conflict.read',
  ],
  AGENCY: ['batch.recall', 'recall.read', 'audit.read', 'subscription.read', 'subscription.write', 'chain.read'],
  AUTHORITY: [
    'reference.import',
    'persons.import',
    'person.erase',
    'stock.import',
    'client.import',
    'client.switch',
    'clock.set',
    'batch.recall',
    'recall.read',
  ],
};
const everybody: readonly Operation[] = ['request.read', 'quota.read', 'clock.read'];

test('GJ-6a CX-7c each role may do exactly what stands in its list', () => {
  for (const role of roles) {
    const allowed = operations.filter((operation) => mayPerform(role, operation));
    assert.deepEqual(new Set(allowed), new Set([...granted[role], ...everybody]), role);
  }
});

test('CX-7c no role may perform an internal operation, and an unknown role nothing', () => {
  assert.ok(roles.every((role) => !mayPerform(role, 'internal')));
  for (const stranger of ['', 'SYSTEM', 'hospital', 'constructor']) {
    assert.ok(
      operations.every((operation) => !mayPerform(stranger, operation)),
      stranger,
    );
  }
});
