import { join } from 'node:path';
import { writePrivate } from './folder.ts';
import type { Signer } from './world/keys.ts';
import type { Practitioner } from './world/practitioners.ts';
import type { World } from './world/world.ts';

/**
 * Leaves in the folder what other programs need to play along: `clients.json` with credentials and key files by role,
 * the people, the reference data and the stock as they were imported. Everything is readable by its owner only.
 */
export function writeClients(dir: string, authorityKeyFile: string, world: World): void {
  const keyFile = (name: string, key: unknown): string => {
    const file = join(dir, 'keys', `${name}.json`);
    writePrivate(file, key);
    return file;
  };
  const signer = (id: string, { keyId, privateKey, publicKey }: Signer): string =>
    keyFile(`sm2-${id}`, { algorithm: 'SM2', keyId, privateKey, publicKey });
  const clients = world.clients.map(({ fixture, key, record: { jwks: _public, ...rest } }) => ({
    ...rest,
    ...named(fixture),
    keyFile: keyFile(rest.clientId, key),
  }));
  const ofRole = (role: string) => clients.filter((client) => client.role === role);
  const signers = (list: readonly Practitioner[]) =>
    list.map(({ fixture, filed, record: { practitionerId: id, institutionId }, signer: key }) => ({
      id,
      institutionId,
      ...named(fixture),
      ...(id.startsWith('D') ? { filed } : {}),
      keyFile: signer(id, key),
    }));
  const { record: identityAuthority, signer: authorityKey } = world.identityAuthority;
  const files = { persons: 'persons.json', reference: 'reference.json', stock: 'stock.json' };
  const at = (name: string): string => join(dir, name);
  writePrivate(
    at(files.persons),
    world.persons.map(({ fixture, trait, record }) => ({ ...named(fixture), trait, ...record })),
  );
  writePrivate(at(files.reference), {
    institutions: [world.identityAuthority, ...world.hospitals, ...world.pharmacies].map(({ record }) => record),
    practitioners: [...world.doctors, ...world.hospitalPharmacists, ...world.pharmacists].map(({ record }) => record),
    drugs: world.drugs.map(({ fixture, record }) => ({ ...named(fixture), ...record })),
    plans: world.plans,
  });
  writePrivate(at(files.stock), world.notes);
  writePrivate(at('clients.json'), {
    clients: {
      hospital: ofRole('HOSPITAL'),
      pharmacy: ofRole('PHARMACY'),
      patient: ofRole('PATIENT'),
      regulator: ofRole('REGULATOR'),
      agency: ofRole('AGENCY'),
      authority: [{ clientId: 'authority', role: 'AUTHORITY', keyFile: authorityKeyFile }],
    },
    signers: {
      doctors: signers(world.doctors),
      hospitalPharmacists: signers(world.hospitalPharmacists),
      pharmacists: signers(world.pharmacists),
      identityAuthority: {
        institutionId: identityAuthority.institutionId,
        keyFile: signer(identityAuthority.institutionId, authorityKey),
      },
    },
    personsFile: at(files.persons),
    referenceFile: at(files.reference),
    stockFile: at(files.stock),
  });
}

function named(fixture: string): { fixture?: string } {
  return fixture === '' ? {} : { fixture };
}
