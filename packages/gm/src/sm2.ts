import { nativeSm2 } from './native-sm2.ts';
import { pureSm2 } from './pure-sm2.ts';
import type { Sm2 } from './sm2-implementation.ts';

export type { Sm2 };

/** SM2 by the fastest implementation that this process has. */
export const { sign, verify }: Sm2 = nativeSm2 ?? pureSm2;
