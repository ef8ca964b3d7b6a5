import { isRefused } from '@erx/errors';
import { ErasePersonResponse } from '@erx/proto/verification/v1/verification_service';
import { formatInstant } from '@erx/values';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { type Door, declare } from '../route.ts';
import { Instant, oneOf, strict, Uuid } from '../schemas/values.ts';

/** Lawful deletion (依法删除): the key of a person's data is destroyed, events and medical records stay. */
export function erasureRoutes(door: Door, { verification }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/persons/:personId/erasure',
    operation: 'person.erase',
    id: 'erasePerson',
    title: { zh: '依法删除个人信息', en: 'Destroy the personal data of a person once nothing of it is retained' },
    tag: '个人信息 Personal data',
    params: Type.Object({ personId: Uuid }),
    body: strict({ basis: oneOf('PERSON_ASKED', 'RETENTION_OVER', 'ORDERED') }),
    answer: Type.Object({ personId: Uuid, erasedAt: Instant }),
    write: (stored) => erased(ErasePersonResponse.decode(stored)),
    async handle({ params, body }, context) {
      const answer = await verification.erasePerson({ ...params, ...body }, context);
      return isRefused(answer) ? answer : erased(answer);
    },
  });
}

function erased({ personId, erasedAt }: ErasePersonResponse) {
  if (erasedAt === undefined) throw new Error('verification did not say when');
  return { personId, erasedAt: formatInstant(erasedAt) };
}
