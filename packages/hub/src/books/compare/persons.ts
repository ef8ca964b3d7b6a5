import type { Ledgers } from '../read/ledgers.ts';
import type { Row } from './row.ts';

/** Whoever was recognised has a key, so that what was sealed for them can be opened (密钥). */
export function comparePersons({ verification }: Pick<Ledgers, 'verification'>): Row {
  const { keys, unreadable } = verification;
  return {
    zh: '核验过的人均有密钥',
    en: 'everybody recognised has a key',
    left: `${keys} keys`,
    right: `${unreadable.length} without`,
    wrong: unreadable,
  };
}
