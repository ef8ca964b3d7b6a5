import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is truthy; gives it. Throws after `timeoutMs` with the last failure. */
export async function eventually<T>(ask: () => Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      cause = error;
    }
    await sleep(50);
  }
  throw new Error(`did not happen within ${timeoutMs} ms`, { cause });
}
