import { VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { type ServedContract, serve } from '@erx/rpc';
import { checkEndorsement } from '../commands/check-endorsement.ts';
import { checkIdentity } from '../commands/check-identity.ts';
import { checkReview } from '../commands/check-review.ts';
import { checkUpload } from '../commands/check-upload.ts';
import { erasePerson } from '../commands/erase-person.ts';
import { identify } from '../commands/identify.ts';
import { importPersons } from '../commands/import-persons.ts';
import { openPersons } from '../commands/open-persons.ts';
import { sealSignature } from '../commands/seal-signature.ts';
import type { Parts } from '../parts.ts';
import { getGrant } from '../queries/get-grant.ts';

/** Methods that the gateway calls carry the operation of the door, so that a refusal is recorded under its name. */
export function verificationContract(parts: Parts): ServedContract {
  return serve(VerificationServiceDefinition, {
    identify: { operation: 'prescription.precheck', handle: (request, call) => identify(parts, request, call) },
    importPersons: { operation: 'persons.import', handle: (request, call) => importPersons(parts, request, call) },
    checkUpload: { operation: 'prescription.upload', handle: (request, call) => checkUpload(parts, request, call) },
    checkIdentity: { operation: 'identity.check', handle: (request, call) => checkIdentity(parts, request, call) },
    getGrant: { operation: 'internal', handle: (request, call) => getGrant(parts, request, call) },
    checkEndorsement: { operation: 'internal', handle: (request, call) => checkEndorsement(parts, request, call) },
    checkReview: { operation: 'internal', handle: (request, call) => checkReview(parts, request, call) },
    sealSignature: { operation: 'sale.hand-over', handle: (request, call) => sealSignature(parts, request, call) },
    erasePerson: { operation: 'person.erase', handle: (request, call) => erasePerson(parts, request, call) },
    openPersons: { operation: 'internal', handle: (request, call) => openPersons(parts, request, call) },
  });
}
