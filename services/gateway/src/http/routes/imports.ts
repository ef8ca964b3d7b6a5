import { isRefused } from '@erx/errors';
import { ImportReferenceResponse } from '@erx/proto/registry/v1/registry_service';
import { ImportStockResponse } from '@erx/proto/traceability/v1/traceability_service';
import { ImportPersonsResponse } from '@erx/proto/verification/v1/verification_service';
import type { CallContext } from '@erx/rpc';
import type { ImportClients } from '../../commands/import-clients.ts';
import type { Peers } from '../../outbound/peers.ts';
import { toPersons, toReference } from '../mappers/imports.ts';
import { type Door, declare } from '../route.ts';
import { ClientsImport, Imported, PersonsImport, StockImport } from '../schemas/imports.ts';
import { ReferenceImport } from '../schemas/reference.ts';

const tag = '批量导入 Import';
const common = { method: 'POST', tag, answer: Imported, bodyLimit: 8 * 1024 * 1024 } as const;
const DEADLINE_MS = 20_000;

const unhurried = (context: CallContext): CallContext => ({ ...context, deadlineMs: DEADLINE_MS });
const counts = ({ changed, unchanged }: { changed: number; unchanged: number }) => ({ changed, unchanged });

/** Bulk onboarding by the authority (origin IMPORT): all or nothing per call, a repeat changes nothing. */
export function importRoutes(door: Door, peers: Peers, importClients: ImportClients): void {
  declare(door, {
    ...common,
    url: '/v1/import/reference',
    operation: 'reference.import',
    id: 'importReference',
    title: { zh: '导入机构、人员、药品目录与待遇', en: 'Import institutions, practitioners, drugs, plans' },
    body: ReferenceImport,
    write: (stored) => ImportReferenceResponse.decode(stored),
    handle: ({ body }, context) => peers.registry.importReference(toReference(body), unhurried(context)),
  });
  declare(door, {
    ...common,
    url: '/v1/import/persons',
    operation: 'persons.import',
    id: 'importPersons',
    title: { zh: '导入参保人', en: 'Import insured persons' },
    body: PersonsImport,
    write: (stored) => counts(ImportPersonsResponse.decode(stored)),
    async handle({ body }, context) {
      const answer = await peers.verification.importPersons({ persons: toPersons(body) }, unhurried(context));
      return isRefused(answer) ? answer : counts(answer);
    },
  });
  declare(door, {
    ...common,
    url: '/v1/import/stock',
    operation: 'stock.import',
    id: 'importStock',
    title: { zh: '导入药品库存', en: 'Import stock with trace codes' },
    body: StockImport,
    write: (stored) => ImportStockResponse.decode(stored),
    handle: ({ body }, context) =>
      peers.traceability.importStock(
        { notes: body.notes.map((note) => ({ ...note, parents: {} })) },
        unhurried(context),
      ),
  });
  declare(door, {
    ...common,
    url: '/v1/import/clients',
    operation: 'client.import',
    id: 'importClients',
    title: { zh: '登记接入程序', en: 'Register client programs' },
    body: ClientsImport,
    write: (stored) => ImportReferenceResponse.decode(stored),
    handle: ({ body }, context) => importClients(body.clients, context),
  });
}
