import { type Refused, refuse } from '@erx/errors';

export type StreamPlaces = {
  /** A place for one more stream of a client, given back by disposing it; or TOO_MANY_REQUESTS. */
  take(clientId: string): Disposable | Refused;
};

/** Streams that stay open cost memory and a query for each news: so many for one client, so many for all. */
export function streamPlaces(each: number, all: number): StreamPlaces {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(clientId) {
      const own = taken.get(clientId) ?? 0;
      if (own >= each) return refuse('TOO_MANY_REQUESTS', { openStreams: String(own), most: String(each) });
      if (total >= all) return refuse('SERVICE_UNAVAILABLE');
      taken.set(clientId, own + 1);
      total += 1;
      return {
        [Symbol.dispose]() {
          total -= 1;
          const left = (taken.get(clientId) ?? 1) - 1;
          if (left === 0) taken.delete(clientId);
          else taken.set(clientId, left);
        },
      };
    },
  };
}
