import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatVerifierKey, type SignerKey } from '@erx/tlog';
import { followAudit } from './follow.ts';
import { entryOf, logKey, makeLog, startHub, witness } from './hub.fixture.ts';
import type { Place, Standing } from './place.ts';
import { UnprovenError, type Witnesses } from './prove.ts';

const log = await makeLog();
const forged = await makeLog('forged');
const [first, second] = [witness(1), witness(2)];
const both = [first, second].map(formatVerifierKey);

/** What a hub says: numbers of entries, and trees. */
type Said = number | { tree: string };
type Script = {
  stream: (last: number) => Promise<Said[]>;
  page?: () => Promise<string>;
  /** Who has cosigned the tree when it is asked for the nth time. */
  served?: (nth: number) => SignerKey[];
  witnesses?: Witnesses;
};

/** Reads entries 201 to 200 + count; gives them with how often the hub was asked for its tree. */
async function read(count: number, { stream, page, served = () => [], witnesses }: Script) {
  let asked = 0;
  const end = new AbortController();
  using hub = await startHub(async (url, request, response) => {
    const [, path] = /^\/v1\/audit\/logs\/1\/(.*)/.exec(url.pathname) ?? [];
    if (path === 'checkpoint') {
      asked += 1;
      return response.end(await log.note(log.size, ...served(asked)));
    }
    if (path !== undefined) return response.end(await log.file(path, log.size));
    const after = Number(url.searchParams.get('after'));
    if (url.pathname === '/v1/audit/entries') {
      const note = await page?.();
      const entries = note === undefined || after > 200 ? [] : [entryOf(201), entryOf(202)];
      const checkpoint = note === undefined ? undefined : { logId: 1, note };
      const through = after + entries.length;
      return response.end(JSON.stringify({ entries, through, end: through, checkpoint }));
    }
    for (const said of await stream(Number(request.headers['last-event-id']))) {
      const text =
        typeof said === 'number'
          ? `id: ${said}\nevent: erx.x.v1.Y\ndata: ${JSON.stringify(entryOf(said))}\n\n`
          : `event: erx.stream.checkpoint\ndata: ${JSON.stringify({ logId: 1, note: said.tree })}\n\n`;
      response.write(`:\n\n${text}event: erx.stream.news\ndata: 1\n\n`);
    }
    return undefined;
  });
  const place = standingAt(200);
  const options = { ask: hub.ask, keys: [logKey], place, signal: end.signal, ...(witnesses && { witnesses }) };
  const numbers: number[] = [];
  for await (const { number } of followAudit(options)) {
    numbers.push(number);
    if (numbers.length === count) break;
  }
  end.abort();
  return { numbers, asked };
}

function standingAt(number: number): Place {
  let standing: Standing = { number };
  const set = (next: Standing): void => {
    standing = next;
  };
  return { get: () => standing, set, flush: () => {} };
}

test('GJ-6e what a stream tells is verified against the trees that it tells: nobody asks for a checkpoint', async () => {
  const tree = async (size: number) => ({ tree: await log.note(size) });
  const stream = async () => [201, 202, 203, await tree(203), await tree(204), 204, 205, await tree(600), 206];
  assert.deepEqual(await read(6, { stream }), { numbers: [201, 202, 203, 204, 205, 206], asked: 0 });
});

test('GJ-6e the entries of a page are verified against the tree that the page tells', async () => {
  const page = () => log.note(400);
  const stream = async () => [203];
  assert.deepEqual(await read(3, { page, stream }), { numbers: [201, 202, 203], asked: 0 });
});

test('GJ-6e a tree told by a stream is signed by the log, and contradicts none seen before', async () => {
  const isUnproven = (why: RegExp) => (error: Error) => error instanceof UnprovenError && why.test(error.message);
  const unsigned = async () => [201, { tree: (await log.note(600)).replace('\n600\n', '\n601\n') }];
  await assert.rejects(read(1, { stream: unsigned }), isUnproven(/the signature of .* is false/));
  const split = async () => [201, { tree: await log.note(300) }, 202, { tree: await forged.note(600) }, 203];
  await assert.rejects(read(3, { stream: split }), isUnproven(/contradicts the one of 300 seen before/));
});

test('GJ-6e who demands witnesses is given nothing before so many have cosigned the tree that holds it', async () => {
  const cosigned = async () => [201, { tree: await log.note(600, first, second) }];
  const witnesses = { keys: both, quorum: 2 };
  assert.deepEqual(await read(1, { stream: cosigned, witnesses }), { numbers: [201], asked: 0 });

  // The stream tells a tree once, as it is then; the rest of the cosignatures is asked for.
  const early = async () => [201, { tree: await log.note(600, first) }, { tree: await log.note(600) }];
  const late = (nth: number) => (nth < 3 ? [second] : [first, second]);
  assert.deepEqual(await read(1, { stream: early, served: late, witnesses }), { numbers: [201], asked: 3 });
});

test('GJ-6e a false cosignature of a demanded witness spoils the tree; a witness counts once, and one that is none not at all', async () => {
  const stream = async () => [201, { tree: (await log.note(600, first)).slice(0, -9).concat('AAAAAA==\n') }];
  await assert.rejects(
    read(1, { stream, witnesses: { keys: both, quorum: 1 } }),
    /the signature of w1\.example is false/,
  );
  const wrong = (witnesses: Witnesses) => read(1, { stream, witnesses });
  await assert.rejects(wrong({ keys: [...both.slice(0, 1), ...both.slice(0, 1)], quorum: 2 }), /cannot cosign/);
  await assert.rejects(wrong({ keys: [logKey], quorum: 1 }), /two kinds/);
});
