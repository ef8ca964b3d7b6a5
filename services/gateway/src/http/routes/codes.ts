import { isRefused } from '@erx/errors';
import type { GetCodeResponse } from '@erx/proto/traceability/v1/traceability_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromInstant } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Instant, TraceCode } from '../schemas/values.ts';

const Code = Type.Object({
  traceCode: Type.String(),
  drugCode: Type.String(),
  batchNo: Type.String(),
  state: Type.String({ description: 'SM-11' }),
  holderId: Type.String(),
  chain: Type.Array(
    Type.Object({
      kind: Type.String(),
      at: Instant,
      holderId: Type.String(),
      actor: Type.Object({ role: Type.String(), institutionId: Type.String() }),
      saleId: Type.Optional(Type.String()),
    }),
  ),
});

/** Custody of one package (追溯链). */
export function codeRoutes(door: Door, { traceability }: Peers): void {
  declare(door, {
    method: 'GET',
    url: '/v1/trace-codes/:traceCode',
    operation: 'code.read',
    id: 'readTraceCode',
    title: { zh: '药品追溯码', en: 'Custody chain of one package' },
    tag: '药品追溯 Traceability',
    params: TraceCode,
    answer: Code,
    async handle({ params }, context) {
      const answer = await traceability.getCode(params, context);
      return isRefused(answer) ? answer : toCode(answer);
    },
  });
}

function toCode({ chain, ...code }: GetCodeResponse): Type.Static<typeof Code> {
  return {
    ...code,
    chain: chain.map(({ at, actor, saleId, ...step }) => ({
      ...step,
      at: fromInstant(at),
      actor: { role: actor?.role ?? '', institutionId: actor?.institutionId ?? '' },
      ...(saleId === '' ? {} : { saleId }),
    })),
  };
}
