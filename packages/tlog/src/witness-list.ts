import { type Invalid, isInvalid } from './invalid.ts';
import { keyTypes, parseVerifierKey, type VerifierKey } from './note-key.ts';

/** Who cosigns, and the address below which it takes checkpoints. */
export type ListedWitness = { key: VerifierKey; url: string };

/**
 * The `witness <name> <verifier key> <address>` lines of a C2SP tlog-policy file. Lines about logs, groups and the
 * quorum say whom a reader believes: they are passed over, as comments are.
 */
export function parseWitnesses(text: string): ListedWitness[] | Invalid {
  const witnesses: ListedWitness[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const [kind, _name, vkey = '', url = '', ...more] = line.trim().split(/[ \t]+/);
    if (kind !== 'witness') continue;
    const key = parseVerifierKey(vkey);
    const where = `line ${at + 1}`;
    if (isInvalid(key)) return { invalid: `${where}: ${key.invalid}` };
    if (key.type !== keyTypes.cosignature)
      return { invalid: `${where}: not the key of a witness (Ed25519 cosignature)` };
    if (!URL.canParse(url) || more.length > 0) return { invalid: `${where}: no address, or more than one` };
    if (witnesses.some((known) => known.key.name === key.name))
      return { invalid: `${where}: a witness of this name stands above` };
    witnesses.push({ key, url: url.replace(/\/$/, '') });
  }
  return witnesses;
}
