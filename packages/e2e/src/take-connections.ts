import { openClient } from '@erx/postgres';

const NAME = 'takes-all';

/** A client that takes connections and forgets to give them back; disposing it gives them back. */
export type Taker = AsyncDisposable & {
  /** All that nobody has. */
  takeFree(): Promise<void>;
  /** Also those in use: the server ends them, and they are taken before their owners come back. */
  takeAll(): Promise<void>;
};

export async function openTaker(url: string): Promise<Taker> {
  const open = () => openClient(url, { max: 1, connection: { application_name: NAME }, onnotice: () => {} });
  const first = open();
  await first`select 1`;
  const taken = [first];
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
  const takeFree = async (): Promise<void> => {
    while (await take());
  };
  return {
    takeFree,
    async takeAll() {
      for (let others = 1; others > 0; ) {
        const ended = await first`
          select pg_terminate_backend(pid) from pg_stat_activity
          where backend_type = 'client backend' and application_name <> ${NAME}`;
        others = ended.length;
        await Promise.all(ended.map(take));
        await takeFree();
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(taken.map((client) => client.end({ timeout: 5 })));
    },
  };
}
