import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AuthorityClient, makeWorld, Session } from '@erx/sandbox';
import postgres from 'postgres';
import type { HubFile } from '../src/supervisor/hub-file.ts';

export type Patient = { personId: string; prescriptionId: string; hospitalId: string; doctorId: string };

const PATIENCE_MS = 60_000;

/** The sandbox's hospitals and its authority, as far as they have to do with personal data. */
export function openPatients({ gateway: { url }, secrets, databases }: HubFile) {
  const connection = { url, patienceMs: PATIENCE_MS };
  const { seed } = JSON.parse(readFileSync(join(dirname(secrets), 'sandbox', 'world.json'), 'utf8'));
  const { clients, persons } = makeWorld(seed);
  const key = JSON.parse(readFileSync(join(secrets, 'authority.private.jwk.json'), 'utf8'));
  const authority = new Session(connection, { clientId: 'authority', key });
  return {
    /** Different persons who got all that they were prescribed, each with one prescription. */
    async served(): Promise<Patient[]> {
      const sql = postgres(databases.issuing, { max: 1, onnotice: () => {} });
      try {
        return await sql<Patient[]>`
          select distinct on (person_id) person_id as "personId", prescription_id as "prescriptionId",
                 hospital_id as "hospitalId", doctor_id as "doctorId"
          from prescription where status = 'HANDED_OVER' order by person_id`;
      } finally {
        await sql.end({ timeout: 1 });
      }
    },
    /** The name that the hospital is shown, or the code of the refusal. */
    async nameOf({ prescriptionId, hospitalId, doctorId }: Patient): Promise<string> {
      const clientId = `hospital-${hospitalId}`;
      const client = clients.find(({ record }) => record.clientId === clientId) ?? assert.fail(`no ${clientId}`);
      const answer = await new Session(connection, { clientId, key: client.key }).send<{ patient: { name: string } }>({
        step: 'read-patient',
        method: 'GET',
        path: `/v1/prescriptions/${prescriptionId}?include=patient`,
        operator: doctorId,
      });
      return answer.ok ? answer.body.patient.name : (answer.errors[0]?.code ?? '');
    },
    /** Asks for the deletion of a person; gives the code of the refusal. */
    async erase({ personId }: Patient): Promise<string | undefined> {
      const path = `/v1/persons/${personId}/erasure`;
      const answer = await authority.send({ step: 'erase', method: 'POST', path, body: { basis: 'RETENTION_OVER' } });
      return answer.ok ? undefined : answer.errors[0]?.code;
    },
    /** As the insurance would (参保信息). */
    async importAnew(name: string): Promise<void> {
      const records = persons.map(({ record }) => record).filter((record) => record.name === name);
      const answer = await new AuthorityClient(authority).importPersons(records);
      assert.ok(answer.ok && answer.body.changed > 0, JSON.stringify(answer));
    },
    async setClock(businessTime: string): Promise<void> {
      const path = '/v1/sandbox/clock';
      const answer = await authority.send({ step: 'clock', method: 'PUT', path, body: { businessTime } });
      assert.ok(answer.ok, JSON.stringify(answer));
    },
  };
}
