import { readFile } from 'node:fs/promises';
import {
  isInvalid,
  isKeyName,
  keyTypes,
  parseSignerKey,
  parseVerifierKey,
  type SignerKey,
  signerKey,
  type VerifierKey,
  verifierKey,
} from '@erx/tlog';

/** The keys of the log, each under the name of the log that it signs. */
export type LogKeys = {
  /** Name of the first log. */
  origin: string;
  /** All of them sign, so that readers can change from one to the next. */
  signers(origin: string): SignerKey[];
  /** Those, and the ones that signed in former times. */
  verifiers(origin: string): VerifierKey[];
};

/**
 * Reads a file with one key per line: `PRIVATE+KEY+…` signs, a verifier key has signed and does no more. Throws without
 * a signing key, and never shows what it read.
 */
export async function readLogKeys(file: string): Promise<LogKeys> {
  const signing: SignerKey[] = [];
  const retired: VerifierKey[] = [];
  const lines = (await readFile(file, 'utf8')).split('\n');
  for (const [n, line] of lines.entries()) {
    if (line === '') continue;
    const key = line.startsWith('PRIVATE+KEY+') ? parseSignerKey(line) : parseVerifierKey(line);
    if (isInvalid(key)) throw new Error(`${file}, line ${n + 1}: ${key.invalid}`);
    if (isSigner(key)) signing.push(key);
    else retired.push(key);
  }
  const [first] = signing;
  if (first === undefined) throw new Error(`${file} holds no signing key`);
  // A text that is no name is nobody's.
  const signers = (origin: string) =>
    (isKeyName(origin) ? signing : []).map(({ seed }) => signerKey(origin, keyTypes.signature, seed));
  return {
    origin: first.name,
    signers,
    verifiers: (origin) => [
      ...signers(origin),
      ...(isKeyName(origin) ? retired : []).map(({ publicKey }) => verifierKey(origin, keyTypes.signature, publicKey)),
    ],
  };
}

function isSigner(key: VerifierKey): key is SignerKey {
  return 'seed' in key;
}
