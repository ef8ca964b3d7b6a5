// kafkajs 2.2.4 sets a timer of one millisecond for ever on every connection: its check for requests that wait, also when
// none waits, asks for the next check, and with a negative time. Idle services then spend most of their processor time on
// it, and Node warns. Where nothing waits there is nothing to check: the next request asks anew.
import { createRequire } from 'node:module';

type RequestQueue = { pending: readonly unknown[]; scheduleCheckPendingRequests(this: RequestQueue): void };

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
const schedule = prototype.scheduleCheckPendingRequests;
prototype.scheduleCheckPendingRequests = function scheduleWhereOneWaits() {
  if (this.pending.length > 0) schedule.call(this);
};
