import { isRefusalCode, type Refusal, type Refused } from '@erx/errors';
import { Refusals } from '@erx/proto/common/v1/common';

/** Trailer that carries refusals beside status FAILED_PRECONDITION. */
export const REFUSALS = 'erx-refusals-bin';

export function encodeRefusals(refused: Refused): Uint8Array {
  return Refusals.encode({ refusals: refused.refused.map(toMessage) }).finish();
}

export function decodeRefusals(bytes: Uint8Array): Refused {
  return { refused: Refusals.decode(bytes).refusals.map(fromMessage) };
}

export function toMessage(refusal: Refusal): Refusals['refusals'][number] {
  return { code: refusal.code, field: refusal.field ?? '', detail: refusal.detail ?? {} };
}

export function fromMessage(message: Refusals['refusals'][number]): Refusal {
  return {
    // A newer service may know a code that this process does not.
    code: isRefusalCode(message.code) ? message.code : 'INTERNAL_ERROR',
    ...(message.field === '' ? {} : { field: message.field }),
    ...(Object.keys(message.detail).length === 0 ? {} : { detail: message.detail }),
  };
}
