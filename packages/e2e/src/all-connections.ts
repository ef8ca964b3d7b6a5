import { openClient } from '@erx/postgres';

const NAME = 'takes-all';

/**
 * Takes every connection that the server has, as a client that forgets to give them back would; those in use are ended
 * by the server and taken before their owners come back. Disposing it gives them all back.
 */
export async function takeAllConnections(url: string): Promise<AsyncDisposable> {
  const open = () => openClient(url, { max: 1, connection: { application_name: NAME }, onnotice: () => {} });
  const first = open();
  const taken = [first];
  await first`select 1`;
  const take = async (): Promise<boolean> => {
    const client = open();
    try {
      await client`select 1`;
      taken.push(client);
      return true;
    } catch {
      await client.end({ timeout: 1 });
      return false;
    }
  };
  for (let others = 1; others > 0; ) {
    while (await take());
    const ended = await first`
      select pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and application_name <> ${NAME}`;
    others = ended.length;
    await Promise.all(ended.map(take));
  }
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(taken.map((client) => client.end({ timeout: 5 })));
    },
  };
}
