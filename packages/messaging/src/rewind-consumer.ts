import { openKafka } from './kafka.ts';

/** Lets a consumer that has stopped read its topics again from their beginning; the inbox keeps effects from repeating. */
export async function rewindConsumer(brokers: readonly string[], name: string): Promise<void> {
  const { kafka, qualify } = openKafka(brokers, 'rewinding');
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.deleteGroups([qualify(`erx.${name}`)]);
  } finally {
    await admin.disconnect();
  }
}
