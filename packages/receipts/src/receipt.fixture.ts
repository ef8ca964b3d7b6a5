import {
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  inclusionProof,
  leafHash,
  openTree,
  signerKey,
  signText,
} from '@erx/tlog';
import { logEntryOf } from './log-entry.ts';
import type { Receipt } from './receipt.ts';

const encoder = new TextEncoder();
export const ORIGIN = 'hub.example/log';
const log = signerKey(ORIGIN, 1, new Uint8Array(32).fill(7));
const witness = signerKey('witness.example/w', 4, new Uint8Array(32).fill(8));
export const logKey = formatVerifierKey(log);
export const witnessKey = formatVerifierKey(witness);
export const otherKey = formatVerifierKey(signerKey(ORIGIN, 1, new Uint8Array(32).fill(9)));

/** A receipt for one of so many events, in a tree that the log signed and a witness cosigned. */
export async function makeReceipt(index: number, size: number, eventText = 'event'): Promise<Receipt> {
  const event = (n: number) => ({
    id: `0190a1b2-c3d4-7e5f-8a6b-${String(n).padStart(12, '0')}`,
    type: 'erx.dispensing.v1.SaleCompleted',
    value: encoder.encode(`${eventText} ${n}`),
    salt: new Uint8Array(32).fill(n),
  });
  const hashes = Array.from({ length: size }, (_, n) => leafHash(logEntryOf(event(n))));
  const readTile = async ({ level, index: tile, width }: { level: number; index: number; width: number }) => {
    if (level > 0) throw new Error('a small tree has one level of tiles');
    return Buffer.concat(hashes.slice(tile * 256, tile * 256 + width));
  };
  const tree = await openTree(0, readTile);
  tree.append(hashes);
  const text = formatCheckpoint({ origin: ORIGIN, size, root: tree.root() });
  const signatures = [signText(log, text, 0), signText(witness, text, 1_780_000_000)];
  const { id: eventId, type, value, salt } = event(index);
  return {
    eventId,
    type,
    event: value,
    salt,
    leaf: logEntryOf(event(index)),
    index,
    proof: await inclusionProof(index, size, readTile),
    checkpoint: formatNote({ text, signatures }),
  };
}
