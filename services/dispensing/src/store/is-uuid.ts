const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A text that is no UUID names nothing; the database would refuse it. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
