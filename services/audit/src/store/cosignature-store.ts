import type { Query } from '@erx/postgres';

/** A signed tree as others get it. */
export type ServedTree = { size: number; note: string };

/** `witness`: verifier key; `line`: signature line of the note. */
export type Cosignature = { witness: string; line: string };

export async function keepCosignature(
  sql: Query,
  { logId, size }: { logId: number; size: number },
  { witness, line }: Cosignature,
  at: Date,
): Promise<void> {
  await sql`
    insert into log_cosignature (log_id, size, witness, line, cosigned_at)
    values (${logId}, ${size}, ${witness}, ${line}, ${at.toISOString()})
    on conflict (log_id, size, witness) do update set line = excluded.line, cosigned_at = excluded.cosigned_at`;
}

/** Whom trees wait for (verifier keys), and so long. */
export type Waiting = { witnesses: readonly string[]; machine(): Date };

/** One more tree is signed meanwhile: readers are told of an entry two seconds after it at the latest. */
const WAIT_MS = 1_000;

/**
 * The signed tree that others are given, with the cosignatures there are: the newest that all witnesses have cosigned or
 * that has waited a second for them, so that sizes only grow. Holds at least so many leaves; undefined: none does yet.
 */
export async function servedTree(
  sql: Query,
  { witnesses, machine }: Waiting,
  logId: number,
  leaves: number,
): Promise<ServedTree | undefined> {
  const waited = new Date(machine().getTime() - WAIT_MS).toISOString();
  const [row] = await sql<{ size: bigint; note: string }[]>`
    select size, note || coalesce(lines, '') as note
    from log_checkpoint left join lateral (
      select string_agg(line, '' order by witness) as lines,
             count(*) filter (where witness = any(${witnesses as string[]}::text[])) as awaited
      from log_cosignature
      where log_cosignature.log_id = log_checkpoint.log_id and log_cosignature.size = log_checkpoint.size
    ) as cosigned on true
    where log_id = ${logId} and size >= ${leaves}
      and (first_signed_at <= ${waited} or awaited >= ${witnesses.length})
    order by size desc limit 1`;
  return row && { ...row, size: Number(row.size) };
}

/** Seconds since the witness (verifier keys) that has been silent for longest cosigned; of one that never did since 1970. */
export async function longestSilence(sql: Query, witnesses: readonly string[]): Promise<number | undefined> {
  const [row] = await sql<{ seconds: number | null }[]>`
    select max(extract(epoch from now() - coalesce(at, 'epoch')))::float8 as seconds
    from unnest(${witnesses as string[]}::text[]) as listed (name)
    left join lateral (select max(cosigned_at) as at from log_cosignature where witness = name) as last on true`;
  return row?.seconds ?? undefined;
}
