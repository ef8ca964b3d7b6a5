import { type EventType, events } from '@erx/proto/topics';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** An event as it stood in the topic. `value` holds the exact bytes, `payload` what they mean. */
export type ConsumedEvent = {
  id: string;
  type: EventType;
  topic: string;
  partition: number;
  offset: bigint;
  key: string;
  headers: Record<string, string>;
  value: Uint8Array;
  payload: unknown;
};

/** Nothing that time would mend: unknown type, missing id, or bytes that do not decode. */
export class UndecodableError extends Error {
  override name = 'UndecodableError';
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Message = Pick<KafkaMessage, 'offset' | 'key' | 'value' | 'headers'>;

export function decodeEvent(topic: string, partition: number, message: Message): ConsumedEvent {
  const headers = headerTexts(message.headers);
  const id = headers['ce_id'] ?? '';
  const type = headers['ce_type'] ?? '';
  if (!UUID.test(id)) throw new UndecodableError('header ce_id is missing or not a UUID');
  if (!Object.hasOwn(events, type)) throw new UndecodableError('unknown event type');
  const known = events[type as EventType];
  if (known.topic !== topic) throw new UndecodableError('event type does not belong to this topic');
  const value = new Uint8Array(message.value ?? Buffer.alloc(0));
  try {
    return {
      id,
      type: type as EventType,
      topic,
      partition,
      offset: BigInt(message.offset),
      key: message.key?.toString() ?? '',
      headers,
      value,
      payload: known.codec.decode(value),
    };
  } catch {
    throw new UndecodableError('bytes do not decode as the type they claim');
  }
}

export function headerTexts(headers: IHeaders | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) texts[name] = first.toString();
  }
  return texts;
}
