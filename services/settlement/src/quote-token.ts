// The quote token: which basis and which amounts were quoted, until when, under a MAC. It holds digests only.
import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Refused, refuse } from '@erx/errors';
import { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { Basis } from '@erx/proto/settlement/v1/settlement_service';
import { formatInstant } from '@erx/values';

/** `quoteId`: a quote settles at most one sale. Digests are SHA-256 in base64url. */
export type Quote = { quoteId: string; expiresAt: Date; basisDigest: string; amountsDigest: string };

/** SM-7a, CX-22c; a project choice. */
const VALID_MS = 15 * 60_000;

const SHAPE = /^q1\.([0-9a-f-]{36})\.(\d{1,15})\.([\w-]{43})\.([\w-]{43})\.([\w-]{43})$/;

export function newQuote(basis: Basis, amounts: Amounts, at: Date): Quote {
  return {
    quoteId: randomUUID(),
    expiresAt: new Date(at.getTime() + VALID_MS),
    basisDigest: digestOfBasis(basis),
    amountsDigest: digestOfAmounts(amounts),
  };
}

export function sealQuote(key: Uint8Array, { quoteId, expiresAt, basisDigest, amountsDigest }: Quote): string {
  const content = ['q1', quoteId, expiresAt.getTime(), basisDigest, amountsDigest].join('.');
  return `${content}.${macOf(key, content).toString('base64url')}`;
}

/** Undefined for a text that this key did not seal. */
export function openQuote(key: Uint8Array, token: string): Quote | undefined {
  const match = SHAPE.exec(token);
  if (match === null) return undefined;
  const [, quoteId = '', expiresAt = '', basisDigest = '', amountsDigest = '', mac = ''] = match;
  const content = token.slice(0, token.lastIndexOf('.'));
  if (!timingSafeEqual(macOf(key, content), Buffer.from(mac, 'base64url'))) return undefined;
  return { quoteId, expiresAt: new Date(Number(expiresAt)), basisDigest, amountsDigest };
}

export function staleQuote(problem: string, detail: Record<string, string> = {}): Refused {
  return refuse('SETTLE_QUOTE_STALE', { problem, ...detail }, '/quoteToken');
}

/** The quote is over, or of another sale. */
export function quoteProblem({ expiresAt, basisDigest }: Quote, basis: Basis, at: Date): Refused | undefined {
  if (at >= expiresAt) return staleQuote('EXPIRED', { expiredAt: formatInstant(expiresAt) });
  return basisDigest === digestOfBasis(basis) ? undefined : staleQuote('OTHER_SALE');
}

/** Plan, standard or what the year has left changed, so that the patient was told something else. */
export function termsProblem({ amountsDigest }: Quote, amounts: Amounts): Refused | undefined {
  return amountsDigest === digestOfAmounts(amounts) ? undefined : staleQuote('AMOUNTS_CHANGED');
}

/** The same for the same sale, in whatever order its lines are named. */
function digestOfBasis(basis: Basis): string {
  const lines = basis.lines.toSorted((a, b) => a.lineNo - b.lineNo);
  return digest(Basis.encode({ ...basis, lines }).finish());
}

function digestOfAmounts(amounts: Amounts): string {
  return digest(Amounts.encode(amounts).finish());
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

function macOf(key: Uint8Array, content: string): Buffer {
  return createHmac('sha256', key).update(content).digest();
}
