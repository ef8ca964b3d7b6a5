export { fromBase64, toBase64 } from './base64.ts';
export {
  type Checkpoint,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from './checkpoint.ts';
export { decodeEntries, encodeEntries } from './entry-bundle.ts';
export { type FullTile, type GrowingTree, openTree } from './growing-tree.ts';
export { EMPTY_ROOT, HASH_BYTES, type Hash, leafHash, nodeHash, sameBytes } from './hash.ts';
export { type Invalid, isInvalid } from './invalid.ts';
export {
  formatSignerKey,
  formatVerifierKey,
  isKeyName,
  keyTypes,
  parseSignerKey,
  parseVerifierKey,
  type SignerKey,
  signerKey,
  type VerifierKey,
  verifierKey,
} from './note-key.ts';
export { formatProof, type ProofFile, parseProof } from './proof-file.ts';
export { ProvenTree } from './proven-tree.ts';
export {
  formatNote,
  formatSignature,
  type Note,
  type NoteSignature,
  parseNote,
  parseSignatures,
  type Signed,
  signText,
  verifySignatures,
} from './signed-note.ts';
export { hashesAtLevel, parseTilePath, TILE_WIDTH, type Tile, tilePath, tileWidth } from './tile.ts';
export { consistencyProof, inclusionProof, type ReadTile, treeRoot } from './tree.ts';
export { type TreeHead, verifyConsistency, verifyInclusion } from './verify-proof.ts';
export { type ListedWitness, parseWitnesses } from './witness-list.ts';
export { formatWitnessRequest, parseWitnessRequest, type WitnessRequest } from './witness-request.ts';
