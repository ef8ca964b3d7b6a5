import {
  decodeEntries,
  isInvalid,
  leafHash,
  openCheckpoint,
  openTree,
  parseVerifierKey,
  sameBytes,
  type Tile,
  tilePath,
  tileWidth,
  type VerifierKey,
} from '@erx/tlog';
import { Failure } from '../failure.ts';

export type TilesVerdict = { origin: string; size: number; findings: string[] };

/**
 * Verifies a log as any outsider can: its last checkpoint by the public key, every entry against its tile, and the tree
 * of all entries against the checkpoint, which these witnesses must have cosigned. `url` is what the log's files lie
 * under. Throws Failure where nothing can be verified at all.
 */
export async function verifyTiles(url: string, key: string, witnesses: readonly string[] = []): Promise<TilesVerdict> {
  const [log, ...cosigners] = [key, ...witnesses].map((text) => {
    const known = parseVerifierKey(text);
    if (isInvalid(known)) throw new Failure(`${text}: ${known.invalid}.`);
    return known;
  }) as [VerifierKey, ...VerifierKey[]];
  const note = new TextDecoder().decode(await download(url, 'checkpoint'));
  const opened = openCheckpoint(note, [log, ...cosigners]);
  if (isInvalid(opened)) throw new Failure(`The checkpoint of ${url}: ${opened.invalid}.`);
  const { origin, size, root } = opened.checkpoint;
  const missing = cosigners.filter((each) => !opened.signed.some(({ key: signer }) => signer === each));
  const findings = missing.map(({ name }) => `${name} has not cosigned the checkpoint of ${size} leaves`);
  const compare = async (tile: Tile, hashes: Uint8Array): Promise<void> => {
    const served = await download(url, tilePath(tile));
    if (!sameBytes(served, hashes)) findings.push(`${tilePath(tile)} is not what the entries below it give`);
  };
  const tree = await openTree(0, async () => new Uint8Array());
  for (let index = 0; tree.size < size; index += 1) {
    const width = tileWidth(size, 0, index);
    const path = tilePath({ level: 'entries', index, width });
    const entries = decodeEntries(await download(url, path));
    if (entries?.length !== width)
      return { origin, size, findings: [...findings, `${path} does not hold ${width} entries`] };
    const hashes = entries.map(leafHash);
    if (width < 256) await compare({ level: 0, index, width }, Buffer.concat(hashes));
    for (const tile of tree.append(hashes))
      await compare({ level: tile.level, index: tile.index, width: 256 }, tile.hashes);
  }
  if (!sameBytes(tree.root(), root))
    findings.push(`the entries give another tree of ${size} leaves than the signed one`);
  return { origin, size, findings };
}

async function download(url: string, path: string): Promise<Uint8Array> {
  const response = await fetch(`${url}/${path}`).catch((error: Error) => {
    throw new Failure(`${url}/${path} does not answer (${error.message}).`);
  });
  if (!response.ok) throw new Failure(`${url}/${path} answers ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
