export { type ConsumedEvent, type Consumer, dispatch, startConsumer } from './consumer.ts';
export { inApplySpans } from './event-spans.ts';
export { clusterId, provisionTopics, waitForBroker } from './kafka-admin.ts';
export { appendToOutbox, type OutgoingEvent, outgoing } from './outbox.ts';
export { askForRetry, listParked, type Parked } from './parked.ts';
export { purge } from './purge.ts';
export { type CompactedReader, readCompacted } from './read-compacted.ts';
export { type Relay, startRelay } from './relay.ts';
export { republishOutbox } from './republish.ts';
export { rewindConsumer } from './rewind-consumer.ts';

/** Migrations of the tables that this package owns inside every service's database. */
export const messagingMigrations = { owner: 'messaging', folder: new URL('../migrations/', import.meta.url) };
