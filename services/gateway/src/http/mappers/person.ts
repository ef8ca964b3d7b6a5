import type { ClearPerson } from '@erx/proto/verification/v1/verification_service';

/** The personal fields of a request body, for verification only. */
export function clearPersonOf(person: {
  certType: string;
  certNo: string;
  name: string;
  phone?: string | undefined;
}): ClearPerson {
  const { certType, certNo, name, phone = '' } = person;
  return { certType, certNo, name, phone };
}
