import { createHash } from 'node:crypto';
import type {
  ClientRecord,
  DrugRecord,
  InstitutionRecord,
  NoteRecord,
  PersonRecord,
  PlanRecord,
  PractitionerRecord,
} from '../world/records.ts';
import type { Answer, Session } from './http.ts';

export type Imported = { changed: number; unchanged: number };
export type Reference = {
  institutions?: readonly InstitutionRecord[];
  practitioners?: readonly PractitionerRecord[];
  drugs?: readonly DrugRecord[];
  plans?: readonly PlanRecord[];
};

/** The authority that brings the hub its institutions, people, clients and first stock (origin IMPORT). */
export class AuthorityClient {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  importReference(reference: Reference): Promise<Answer<Imported>> {
    return this.#import('reference', reference);
  }

  importClients(clients: readonly ClientRecord[]): Promise<Answer<Imported>> {
    return this.#import('clients', { clients });
  }

  importPersons(persons: readonly PersonRecord[]): Promise<Answer<Imported>> {
    return this.#import('persons', { persons });
  }

  importStock(notes: readonly NoteRecord[]): Promise<Answer<Imported>> {
    return this.#import('stock', { notes });
  }

  /** Changes practitioners once more, whatever was imported before: back and forth is no repetition. */
  changePractitioners(practitioners: readonly PractitionerRecord[]): Promise<Answer<Imported>> {
    return this.#session.send({
      step: 'import-reference',
      method: 'POST',
      path: '/v1/import/reference',
      body: { practitioners },
    });
  }

  /** The sandbox's business time; a hub outside sandbox mode has no such thing. */
  clock(): Promise<Answer<{ businessTime: string }>> {
    return this.#session.send({ step: 'clock', method: 'GET', path: '/v1/sandbox/clock' });
  }

  /** Moves the business clock; answers when every part of the hub goes by it. */
  setClock(businessTime: string): Promise<Answer<{ businessTime: string }>> {
    return this.#session.send({ step: 'clock', method: 'PUT', path: '/v1/sandbox/clock', body: { businessTime } });
  }

  /** The same content has the same key: an import that was interrupted goes on when it is repeated. */
  #import(kind: string, content: unknown): Promise<Answer<Imported>> {
    const key = `import-${kind}-${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40)}`;
    return this.#session.send({
      step: `import-${kind}`,
      method: 'POST',
      path: `/v1/import/${kind}`,
      key,
      body: content,
    });
  }
}
