import { isRefusalCode, type Refusal } from '@erx/errors';
import type { Refusal as RefusalMessage } from '@erx/proto/common/v1/common';

/** A refusal that came inside an answer. */
export function fromRefusal({ code, field, detail }: RefusalMessage): Refusal {
  return {
    code: isRefusalCode(code) ? code : 'INTERNAL_ERROR',
    ...(field === '' ? {} : { field }),
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  };
}
