import { refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import { RegistryServiceDefinition } from '@erx/proto/registry/v1/registry_service';
import { type BusinessClock, type ServedContract, serve } from '@erx/rpc';
import { allotPersons } from '../commands/allot-persons.ts';
import { importPersons } from '../commands/import-persons.ts';
import { importReference } from '../commands/import-reference.ts';
import { setClock } from '../commands/set-clock.ts';
import { findPerson } from '../queries/find-person.ts';
import { getEntitlement } from '../queries/get-entitlement.ts';
import { readClock } from '../queries/read-clock.ts';

type Parts = { database: Database; clock: BusinessClock; sandbox: boolean };

export function registryContract({ database, clock, sandbox }: Parts): ServedContract {
  return serve(RegistryServiceDefinition, {
    importReference: {
      operation: 'reference.import',
      handle: (request, call) => importReference(database, request, call),
    },
    allotPersons: { operation: 'internal', handle: (request) => allotPersons(database, request) },
    importPersons: { operation: 'internal', handle: (request, call) => importPersons(database, request, call) },
    findPerson: { operation: 'internal', handle: (request) => findPerson(database, request) },
    getEntitlement: { operation: 'internal', handle: (request) => getEntitlement(database, request) },
    getClock: { operation: 'internal', handle: () => readClock(database) },
    setClock: {
      operation: 'clock.set',
      handle: async (request, call) => (sandbox ? setClock({ database, clock }, request, call) : refuse('NOT_FOUND')),
    },
  });
}
