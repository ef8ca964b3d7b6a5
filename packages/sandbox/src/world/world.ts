import { createHash } from 'node:crypto';
import { type Client, makeClients } from './clients.ts';
import { type Drug, drugs } from './drugs.ts';
import {
  hospitals,
  type IdentityAuthority,
  type Institution,
  makeIdentityAuthority,
  pharmacies,
} from './institutions.ts';
import { makePersons, type Person } from './persons.ts';
import { plans } from './plans.ts';
import { makeDoctors, makePharmacists, type Practitioner } from './practitioners.ts';
import { seeded } from './random.ts';
import type { NoteRecord, PlanRecord } from './records.ts';
import { makeNotes } from './stock.ts';

/** Everybody and everything of the sandbox. The same seed gives the same world, to the byte. */
export type World = {
  seed: string;
  identityAuthority: IdentityAuthority;
  hospitals: readonly Institution[];
  pharmacies: readonly Institution[];
  doctors: readonly Practitioner[];
  hospitalPharmacists: readonly Practitioner[];
  pharmacists: readonly Practitioner[];
  drugs: readonly Drug[];
  plans: readonly PlanRecord[];
  persons: readonly Person[];
  notes: readonly NoteRecord[];
  clients: readonly Client[];
};

export function makeWorld(seed: string): World {
  const random = (part: string) => seeded(`erx-sandbox/${seed}/${part}`);
  return {
    seed,
    identityAuthority: makeIdentityAuthority(random('identity-authority')),
    hospitals,
    pharmacies,
    doctors: makeDoctors(random('doctors'), hospitals),
    hospitalPharmacists: makePharmacists(random('hospital-pharmacists'), hospitals),
    pharmacists: makePharmacists(random('pharmacists'), pharmacies),
    drugs,
    plans,
    persons: makePersons(random('persons'), hospitals),
    notes: makeNotes(pharmacies),
    clients: makeClients(random('clients'), [...hospitals, ...pharmacies]),
  };
}

/** Tells two worlds apart, also those of two releases with the same seed. */
export function hashOfWorld(world: World): string {
  return createHash('sha256').update(JSON.stringify(world)).digest('hex');
}
