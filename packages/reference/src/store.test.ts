import assert from 'node:assert/strict';
import test from 'node:test';
import { DrugPublished, InstitutionPublished, ProfilePublished } from '@erx/proto/registry/v1/registry_events';
import { ReferenceStore } from './store.ts';

const open = { from: new Date('2024-01-01T00:00:00+08:00'), to: undefined };

function drug(drugCode: string, revision: bigint, ...tracePrefixes: string[]) {
  return DrugPublished.fromPartial({ drug: { drugCode, tracePrefixes }, revision });
}

function profile(division: string, values: object, from = open.from) {
  const version = { version: 1, effective: { from, to: undefined }, values: Buffer.from(JSON.stringify(values)) };
  return ProfilePublished.fromPartial({ code: division, division, versions: [version], revision: 1n });
}

test('an older revision never replaces a newer one, also when it comes again', () => {
  const store = new ReferenceStore();
  const hospital = (name: string, revision: bigint) =>
    InstitutionPublished.fromPartial({ institution: { institutionId: 'H1', name }, revision });
  for (const event of [hospital('new', 2n), hospital('old', 1n)])
    store.apply('erx.registry.v1.InstitutionPublished', event);
  assert.equal(store.institution('H1')?.name, 'new');
  assert.equal([...store.institutions()].length, 1);
});

test('a trace-code prefix leads to the product that names it now, in whichever order the events come', () => {
  const moved = [drug('A', 1n, '8100001'), drug('A', 2n), drug('B', 1n, '8100001')];
  for (const order of [moved, moved.toReversed(), [moved[2], moved[0], moved[1], moved[0]]]) {
    const store = new ReferenceStore();
    for (const event of order) store.apply('erx.registry.v1.DrugPublished', event);
    assert.equal(store.drugByTracePrefix('8100001')?.drugCode, 'B');
    assert.equal(store.drugByTracePrefix('8100002'), undefined);
  }
});

test('HB-52 the profile of a place lies over those of the places around it, each in its version at that time', () => {
  const store = new ReferenceStore();
  const events = [
    profile('100000', { rxValidityDays: 3, longRxMaxDays: 84 }),
    profile('420000', { rxValidityDays: 5 }, new Date('2025-01-01T00:00:00+08:00')),
  ];
  for (const event of events) store.apply('erx.registry.v1.ProfilePublished', event);
  const at = (instant: string) => store.profile('420106', new Date(instant));
  assert.deepEqual(at('2025-06-01T09:00:00+08:00'), {
    values: { rxValidityDays: 5, longRxMaxDays: 84 },
    version: '100000@1+420000@1',
    region: '420000',
  });
  assert.equal(at('2024-06-01T09:00:00+08:00')?.values.rxValidityDays, 3);
  assert.equal(at('2023-06-01T09:00:00+08:00'), undefined);
});

test('a territory names each place once', () => {
  const store = new ReferenceStore();
  const places = { H1: '420106', P1: '420106', P2: '220104' };
  for (const [institutionId, division] of Object.entries(places)) {
    const event = InstitutionPublished.fromPartial({ institution: { institutionId, division }, revision: 1n });
    store.apply('erx.registry.v1.InstitutionPublished', event);
  }
  assert.deepEqual(store.territory(['H1', 'P1', 'P2', 'unknown'], '420100'), ['420106', '220104', '420100']);
});

test('copies that saw the same have the same hash, in whichever order and however often; one that saw less has not', () => {
  const seen = [drug('A', 1n, '8100001'), drug('A', 2n), drug('B', 1n, '8100001')];
  const copyOf = (events: readonly DrugPublished[]) => {
    const store = new ReferenceStore();
    for (const event of events) store.apply('erx.registry.v1.DrugPublished', event);
    return store.contents();
  };
  const whole = copyOf(seen);
  assert.equal(whole.entries, 2);
  assert.deepEqual(copyOf([...seen.toReversed(), ...seen]), whole);
  assert.notEqual(copyOf(seen.slice(0, 2)).hash, whole.hash);
  assert.notEqual(copyOf([drug('A', 1n, '8100001'), drug('B', 1n, '8100001')]).hash, whole.hash);
});
