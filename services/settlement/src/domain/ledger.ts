// Double entry of a sale: who owes stands positive, who is owed negative, all of it sums to zero. Pure.

export type Account = 'FUND_BASIC' | 'FUND_SERIOUS' | 'FUND_AID' | 'PATIENT' | 'PHARMACY';

/** `amount` in fen, never zero. */
export type Entry = { account: Account; amount: bigint };

/** GJ-5c, HB-32a, HB-32b: the layers of the fund and the patient owe the pharmacy its price. */
export function entriesOf(sum: {
  total: bigint;
  basic: bigint;
  serious: bigint;
  aid: bigint;
  patient: bigint;
}): Entry[] {
  const entries: Entry[] = [
    { account: 'FUND_BASIC', amount: sum.basic },
    { account: 'FUND_SERIOUS', amount: sum.serious },
    { account: 'FUND_AID', amount: sum.aid },
    { account: 'PATIENT', amount: sum.patient },
    { account: 'PHARMACY', amount: -sum.total },
  ];
  return entries.filter(({ amount }) => amount !== 0n);
}

/** Takes every entry back (冲正); nothing is ever rewritten. */
export function reversalOf(entries: readonly Entry[]): Entry[] {
  return entries.map(({ account, amount }) => ({ account, amount: -amount }));
}
