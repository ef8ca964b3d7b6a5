import { parseDecimal } from './decimal.ts';

/** Hashes in a full tile: it stands for eight levels of the tree. */
export const TILE_WIDTH = 256;

/** C2SP tlog-tiles: `width` hashes (1 to 256) of tile `index` at tile level `level`; or, at level `entries`, entries. */
export type Tile = { level: number | 'entries'; index: number; width: number };

/** `tile/<L>/<N>[.p/<W>]`, N in groups of three digits: 1234067 is `x001/x234/067`. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** Undefined unless the path is the one way to write some tile. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level = '', groups = '', part] = PATH.exec(path) ?? [];
  const index = parseDecimal(groups.replaceAll(/[x/]/g, '').replace(/^0+(?=\d)/, ''));
  const width = part === undefined ? TILE_WIDTH : parseDecimal(part);
  if (index === undefined || width === undefined || width < 1) return undefined;
  const tile: Tile = { level: level === 'entries' ? level : Number(level), index, width };
  const isLevel = tile.level === 'entries' || tile.level < 64;
  return isLevel && tilePath(tile) === path ? tile : undefined;
}

/** How many hashes a tree of `size` leaves has at a tile level: floor(size / 256^level). */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How wide a tile is in a tree of `size` leaves; 0 where the tree does not reach it. */
export function tileWidth(size: number, level: number | 'entries', index: number): number {
  const hashes = hashesAtLevel(size, level === 'entries' ? 0 : level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}
