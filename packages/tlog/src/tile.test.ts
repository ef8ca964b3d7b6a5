import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decodeEntries, encodeEntries } from './entry-bundle.ts';
import { parseTilePath, type Tile, tilePath } from './tile.ts';

const seed = 20261125;

test('tiles have the paths of C2SP tlog-tiles', () => {
  const paths: [Tile, string][] = [
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 'entries', index: 0, width: 256 }, 'tile/entries/000'],
    [{ level: 63, index: 1000, width: 1 }, 'tile/63/x001/000.p/1'],
  ];
  for (const [tile, path] of paths) {
    assert.equal(tilePath(tile), path);
    assert.deepEqual(parseTilePath(path), tile);
  }
});

test('a path that is not the one way to write a tile is none', () => {
  const wrong = [
    'tile/0/1',
    'tile/0/0001',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001/x002',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/data/001',
    'tile/0/001.p/0',
    'tile/0/001.p/01',
    'tile/0/001.p/256',
    'tile/0/001.p/',
    'tile/0/001.p/1/',
    'tile/0/x999/x999/x999/x999/x999/999',
    '/tile/0/001',
    'tile/0/../001',
  ];
  for (const path of wrong) assert.equal(parseTilePath(path), undefined, path);
});

test('every tile is found again by its path', () => {
  const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
  fc.assert(
    fc.property(level, fc.nat({ max: 10 ** 12 }), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
      assert.deepEqual(parseTilePath(tilePath({ level, index, width })), { level, index, width });
    }),
    { seed },
  );
});

test('entries are found again in their bundle, and a bundle that was cut is none', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (entries) => {
      const bundle = encodeEntries(entries);
      assert.deepEqual(
        decodeEntries(bundle)?.map((entry) => [...entry]),
        entries.map((entry) => [...entry]),
      );
      assert.equal(decodeEntries(bundle.subarray(0, bundle.length - 1))?.length, undefined);
    }),
    { seed },
  );
  assert.equal(encodeEntries([new Uint8Array(0xffff)]).length, 0x10001);
  assert.throws(() => encodeEntries([new Uint8Array(0x10000)]), RangeError);
});
