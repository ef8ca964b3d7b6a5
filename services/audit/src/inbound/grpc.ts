import { AuditServiceDefinition } from '@erx/proto/audit/v1/audit_service';
import { type ServedContract, serve } from '@erx/rpc';
import { type HistoryParts, readHistory } from '../commands/read-history.ts';
import { followEntries } from '../queries/follow-entries.ts';
import { readEntries } from '../queries/read-entries.ts';
import { readLogFile } from '../queries/read-log-file.ts';
import { readReceipt } from '../queries/read-receipt.ts';
import type { ServedTrees } from '../queries/served-trees.ts';
import type { Waiting } from '../store/cosignature-store.ts';
import type { News } from './news.ts';

type Parts = HistoryParts & {
  news: News;
  waiting: Waiting;
  served: ServedTrees;
  /** Aborts when the service begins to drain: open streams end then. */
  draining: AbortSignal;
};

/** A regulator, and an agency with fields masked, reads the numbering of its own division and of no other. */
export function auditContract(parts: Parts): ServedContract {
  const { database, waiting, draining } = parts;
  return serve(AuditServiceDefinition, {
    readEntries: {
      operation: 'audit.read',
      handle: (request, call) => readEntries(parts, request, call.actor),
    },
    // The log shows nothing of the events: whoever asks at the gateway may read it.
    readLogFile: {
      operation: 'internal',
      handle: (request) => readLogFile(database.sql, waiting, request),
    },
    followEntries: {
      operation: 'audit.read',
      stream: (request, { actor }, signal) => followEntries(parts, actor, request, AbortSignal.any([signal, draining])),
    },
    readHistory: { operation: 'chain.read', handle: (request, call) => readHistory(parts, request, call) },
    readReceipt: { operation: 'chain.read', handle: (request, call) => readReceipt(parts, request, call) },
  });
}
