import type { Query } from '@erx/postgres';

/** A signed tree as others get it. */
type GivenTree = { size: number; note: string };

/** `witness`: verifier key; `line`: signature line of the note. */
export type Cosignature = { witness: string; line: string };

export async function keepCosignatures(
  sql: Query,
  { logId, size }: { logId: number; size: number },
  cosignatures: readonly Cosignature[],
  at: Date,
): Promise<void> {
  await sql`
    insert into log_cosignature (log_id, size, witness, line, cosigned_at)
    select ${logId}, ${size}, witness, line, ${at.toISOString()}
    from unnest(${cosignatures.map(({ witness }) => witness)}::text[],
                ${cosignatures.map(({ line }) => line)}::text[]) as t (witness, line)
    on conflict (log_id, size, witness) do update set line = excluded.line, cosigned_at = excluded.cosigned_at`;
}

/**
 * The signed tree that others are given, cosignatures and all: the newest that a witness has cosigned, unless it is ten
 * seconds older than the newest one; then that. Holds at least so many leaves; undefined: no tree does.
 */
export async function cosignedTree(sql: Query, logId: number, leaves = 0): Promise<GivenTree | undefined> {
  const [row] = await sql<{ size: bigint; note: string }[]>`
    with newest as (
      select signed_at from log_checkpoint where log_id = ${logId} order by size desc limit 1
    ), recent as (
      select size, note from log_checkpoint
      where log_id = ${logId} and size >= ${leaves} and signed_at >= (select signed_at from newest) - interval '10 s'
      order by size desc limit 20
    )
    select size, note || coalesce(lines, '') as note
    from recent left join lateral (
      select string_agg(line, '' order by witness) as lines from log_cosignature
      where log_id = ${logId} and log_cosignature.size = recent.size
    ) as cosigned on true
    order by lines is null, size desc limit 1`;
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
