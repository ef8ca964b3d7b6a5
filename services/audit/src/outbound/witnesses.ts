import { readFile } from 'node:fs/promises';
import {
  formatWitnessRequest,
  isInvalid,
  type ListedWitness,
  type NoteSignature,
  parseSignatures,
  parseWitnesses,
  type WitnessRequest,
} from '@erx/tlog';

/** A file of `witness <name> <verifier key> <address>` lines (C2SP tlog-policy); no file: no witnesses. */
export async function readWitnesses(file: string | undefined): Promise<ListedWitness[]> {
  const witnesses = file === undefined ? [] : parseWitnesses(await readFile(file, 'utf8'));
  if (isInvalid(witnesses)) throw new Error(`witnesses of the log, ${witnesses.invalid}`);
  return witnesses;
}

/** `knownSize`: the witness has cosigned a tree of another size last, and asks to begin there. */
type WitnessAnswer = { signatures: NoteSignature[] } | { knownSize: number };

const ANSWER_MS = 2_000;
const MOST_BYTES = 64 * 1024;

/** One request of the C2SP tlog-witness protocol. Throws, with the reason, when the witness did not answer or refused. */
export async function addCheckpoint(url: string, request: WitnessRequest, stop: AbortSignal): Promise<WitnessAnswer> {
  const response = await fetch(`${url}/add-checkpoint`, {
    method: 'POST',
    body: formatWitnessRequest(request),
    redirect: 'error',
    signal: AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]),
  });
  const text = await readText(response);
  if (response.status === 409 && response.headers.get('content-type') === 'text/x.tlog.size') {
    const knownSize = Number(text);
    if (Number.isSafeInteger(knownSize) && knownSize >= 0) return { knownSize };
  }
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  const signatures = parseSignatures(text);
  if (isInvalid(signatures)) throw new Error(signatures.invalid);
  return { signatures };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
