export type ServerSentEvent = { event: string; data: string };

/** A heartbeat, or whatever else comes without data. */
export const BEAT = '';

/** Reads `text/event-stream` (WHATWG HTML, section 9.2) as far as this hub writes it: LF, one `data` line per event. */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    // What the stream broke off in the middle of is no event.
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: ?/, '')]));
      const data = fields.get('data');
      yield data === undefined ? { event: BEAT, data: '' } : { event: fields.get('event') ?? 'message', data };
    }
  }
}
