import type { Refused } from '@erx/errors';

/** A refusal on its way to the error handler, from those places of the HTTP framework that can only throw. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  refused: Refused;

  constructor(refused: Refused) {
    super(refused.refused.map(({ code }) => code).join());
    this.refused = refused;
  }
}
