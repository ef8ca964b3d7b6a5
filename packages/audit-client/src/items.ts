/** An entry as `GET /v1/audit/entries` and the stream show it. */
export type AuditEntry = {
  /** Gap-free in the reader's division. */
  number: number;
  eventId: string;
  type: string;
  key: string;
  headers: Record<string, string>;
  /** Base64: the exact bytes as published, unless `masked` names fields. */
  value: string;
  recordedAt: string;
  schemaVersion: number;
  masked?: string[];
  /** Its leaf in the public log; `saltedHash` instead of `salt` where fields are masked. */
  logged?: { logId: number; index: number; salt?: string; saltedHash?: string };
};

/** Numbers, both included, that hold nothing the filter lets through. */
type PassedOver = { from: number; to: number };

export type Item = { entry: AuditEntry } | { passedOver: PassedOver };

/** A signed tree of a log, as the hub tells it beside the entries. */
export type Checkpoint = { logId: number; note: string };

export type Page = {
  entries: AuditEntry[];
  passedOver?: PassedOver[];
  through: number;
  end: number;
  checkpoint?: Checkpoint;
};

/** Entries and ranges of a page in the order of their numbers. */
export function itemsOf({ entries, passedOver = [] }: Page): Item[] {
  const items: Item[] = [...entries.map((entry) => ({ entry })), ...passedOver.map((range) => ({ passedOver: range }))];
  return items.sort((a, b) => firstOf(a) - firstOf(b));
}

export const firstOf = (item: Item): number => ('entry' in item ? item.entry.number : item.passedOver.from);
export const lastOf = (item: Item): number => ('entry' in item ? item.entry.number : item.passedOver.to);
