import { AgencyClient } from '../clients/agency.ts';
import { AuthorityClient } from '../clients/authority.ts';
import { HospitalClient } from '../clients/hospital.ts';
import { type Connection, Session } from '../clients/http.ts';
import { IdentityAuthority } from '../clients/identity-authority.ts';
import { PatientClient } from '../clients/patient.ts';
import { PharmacyClient } from '../clients/pharmacy.ts';
import { RegulatorClient } from '../clients/regulator.ts';
import type { Credentials } from '../clients/token.ts';
import type { Sale } from '../clients/types.ts';
import type { Client } from '../world/clients.ts';
import type { Institution } from '../world/institutions.ts';
import type { Province } from '../world/periods.ts';
import type { World } from '../world/world.ts';

/** What all plays share: the programs of everybody, and the business clock. */
export type Stage = {
  world: World;
  identityAuthority: IdentityAuthority;
  patientApp: PatientClient;
  regulators: RegulatorClient[];
  /** The agency of a province. */
  agency(province: Province): AgencyClient;
  hospital(institution: Institution): HospitalClient;
  pharmacy(institution: Institution): PharmacyClient;
  /** Business time: the machine's, moved by the sandbox clock's offset. */
  now(): Date;
  /** Time of something that is not one call. */
  clocked(step: string, ms: number): void;
};

/** A sale as the till was told of it. */
export type KeptSale = { sale: Sale; traceCodes: string[]; reversed?: boolean };

/** One performance on the stage: what happened so far, and the sales that it made. */
export type Scene = Stage & { log: string[]; sales: KeptSale[] };

export function openStage(world: World, connection: Connection, offsetMs: number): Stage {
  const sessions = new Map(world.clients.map((client) => [client.record.clientId, open(connection, client)]));
  const sessionOf = (clientId: string): Session => {
    const session = sessions.get(clientId);
    if (session === undefined) throw new RangeError(`no client ${clientId}`);
    return session;
  };
  const { record, signer } = world.identityAuthority;
  const hospitals = new Map(
    world.hospitals.map(({ record: { institutionId: id } }) => [
      id,
      new HospitalClient(sessionOf(`hospital-${id}`), id),
    ]),
  );
  const pharmacies = new Map(
    world.pharmacies.map(({ record: { institutionId: id } }) => [
      id,
      new PharmacyClient(sessionOf(`pharmacy-${id}`), id),
    ]),
  );
  return {
    world,
    identityAuthority: new IdentityAuthority(record.institutionId, signer.privateKey),
    patientApp: new PatientClient(sessionOf('patient-app'), 'patient-app'),
    regulators: world.clients
      .filter((client) => client.record.role === 'REGULATOR')
      .map((client) => new RegulatorClient(sessionOf(client.record.clientId), client.record.division ?? '')),
    agency: (province) => new AgencyClient(sessionOf(`agency-${province}`)),
    hospital: ({ record: { institutionId } }) => existing(hospitals.get(institutionId)),
    pharmacy: ({ record: { institutionId } }) => existing(pharmacies.get(institutionId)),
    now: () => new Date(Date.now() + offsetMs),
    clocked: (step, ms) => connection.onAnswer?.(step, ms, 200),
  };
}

/** How far the sandbox's business clock is from this machine's; none where the hub has no such clock. */
export async function clockOffset(connection: Connection, authority: Credentials): Promise<number> {
  const answer = await new AuthorityClient(new Session(connection, authority)).clock();
  return answer.ok ? Date.parse(answer.body.businessTime) - Date.now() : 0;
}

function open(connection: Connection, { record: { clientId }, key }: Client): Session {
  return new Session(connection, { clientId, key });
}

function existing<T>(client: T | undefined): T {
  if (client === undefined) throw new RangeError('no such client in this world');
  return client;
}
