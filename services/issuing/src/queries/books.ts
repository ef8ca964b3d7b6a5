import type { Sql } from '@erx/postgres';

export type IssuingBooks = {
  /** Prescriptions by status. */
  statuses: Record<string, bigint>;
  /** Every line that was uploaded, with the status its prescription is shown in. `quantity` in 10⁻⁴ packs. */
  uploaded: { prescriptionId: string; lineNo: number; drugCode: string; quantity: bigint; status: string }[];
};

/** What the operator's books compare with dispensing's quantities. */
export async function issuingBooks(sql: Sql): Promise<IssuingBooks> {
  const statuses = await sql<{ status: string; count: bigint }[]>`
    select status, count(*) as count from prescription group by status`;
  const uploaded = await sql<IssuingBooks['uploaded']>`
    select prescription_id as "prescriptionId", line_no as "lineNo", drug_code as "drugCode", quantity, status
    from prescription_line join prescription using (prescription_id)
    where circulating_at is not null order by prescription_id, line_no`;
  return {
    statuses: Object.fromEntries(statuses.map(({ status, count }) => [status, count])),
    uploaded: [...uploaded],
  };
}
