import type { Database } from '@erx/postgres';
import { IssuingServiceDefinition } from '@erx/proto/issuing/v1/issuing_service';
import { type ServedContract, serve, withIds } from '@erx/rpc';
import { endorse } from '../commands/endorse.ts';
import type { Sources } from '../commands/gather-facts.ts';
import { precheck } from '../commands/precheck.ts';
import { upload } from '../commands/upload.ts';
import { withdraw } from '../commands/withdraw.ts';
import type { Numbers } from '../domain/numbers.ts';
import type { Peers } from '../outbound/peers.ts';
import type { QrOf } from '../outbound/qr.ts';
import { getPrescription } from '../queries/get-prescription.ts';
import { getRetention } from '../queries/get-retention.ts';

type Parts = Sources &
  Pick<Peers, 'verification' | 'dispensing'> & { database: Database; numbers: Numbers; qrOf: QrOf };

export function issuingContract(parts: Parts): ServedContract {
  return serve(IssuingServiceDefinition, {
    precheck: {
      operation: 'prescription.precheck',
      handle: (request, call) => precheck(parts, request, call),
    },
    upload: {
      operation: 'prescription.upload',
      handle: (request, call) => upload(parts, request, call),
    },
    withdraw: {
      operation: 'prescription.withdraw',
      handle: (request, call) => withdraw(parts, request, call),
    },
    endorse: {
      operation: 'prescription.endorse',
      handle: (request, call) => endorse(parts, request, call),
    },
    getPrescription: {
      operation: 'prescription.read',
      handle: ({ prescriptionId }, call) => getPrescription(parts.database, prescriptionId, call.actor),
    },
    getRetention: {
      operation: 'internal',
      handle: withIds(['personId'], (request) => getRetention(parts.database, request)),
    },
  });
}
