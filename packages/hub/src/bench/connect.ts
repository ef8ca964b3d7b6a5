import { openClient } from '@erx/postgres';

/** One connection, for as long as it is in use. */
export function connect(url: string) {
  const sql = openClient(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() });
}
