/** Major version of an event's schema: the package of its type says it (`erx.dispensing.v1.SaleCompleted` → 1). */
export function schemaVersion(type: string): number {
  const version = /\.v(\d+)\.[^.]+$/.exec(type)?.[1];
  if (version === undefined) throw new Error(`the event type ${type} names no version`);
  return Number(version);
}
