import { isTransient } from '@erx/postgres';

/** The database is away: the token endpoint answers 503 with these words, and the client asks again later. */
class TokensUnavailable extends Error {
  statusCode = 503;
  expose = true;
  error_description = 'repeat later';
}

export async function whileAvailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isTransient(error)) throw new TokensUnavailable('temporarily_unavailable', { cause: error });
    throw error;
  }
}
