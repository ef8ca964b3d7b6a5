// The services that dispensing asks, as small programs on real ports: they keep what they did, and can be made to fail.
import { type Refused, refusal, refuse, UnavailableError } from '@erx/errors';
import type { InsuranceFacts } from '@erx/proto/common/v1/common';
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { Basis, SettlementServiceDefinition } from '@erx/proto/settlement/v1/settlement_service';
import { TraceabilityServiceDefinition } from '@erx/proto/traceability/v1/traceability_service';
import { type SealedAgent, VerificationServiceDefinition } from '@erx/proto/verification/v1/verification_service';
import { type BusinessClock, type ServedContract, serve, startServer } from '@erx/rpc';
import { createLogger } from '@erx/telemetry';
import { engines } from '@erx/testkit';
import { formatInstant, lineTotal, share } from '@erx/values';

export type Method =
  | 'getGrant'
  | 'checkReview'
  | 'quote'
  | 'settle'
  | 'reverse'
  | 'reserve'
  | 'release'
  | 'returnSale'
  | 'checkSale'
  | 'clearHandOver';
/** Answers instead of the fake (a refusal), or throws, or waits; `then` performs the fake's own effect. */
type Hook = (then: () => Promise<unknown>) => Promise<unknown>;

export const insurance: InsuranceFacts = {
  personId: '',
  poolingRegion: '420100',
  insuranceType: '310',
  active: true,
  remoteFilingRegions: [],
};

export class FakePeers {
  grants = new Map<string, { personId: string; institutionId: string; purpose: string; agent?: SealedAgent }>();
  quoted = new Map<string, string>();
  settled = new Map<string, { settlementId: string; amounts: Amounts }>();
  /** Sales that were taken back, and whether there was anything to take: a repeat is answered like the first time. */
  reversed = new Map<string, 'REVERSED' | 'NEVER_SETTLED'>();
  reserved = new Map<string, string[]>();
  released = new Set<string>();
  /** Packs of reversed sales: what went back to stock, and what to quarantine. */
  returned = new Map<string, { restocked: string[]; quarantined: string[] }>();
  /** Packs that were recalled. */
  recalled = new Set<string>();
  calls: { method: Method; saleId: string; causationId: string | undefined }[] = [];
  hooks: Partial<Record<Method, Hook>> = {};

  /** The sale that holds a code. */
  holderOf(code: string): string | undefined {
    return [...this.reserved].find(([, codes]) => codes.includes(code))?.[0];
  }

  /** From now on this method does not answer, until the function that this gives is called. */
  hang(method: Method, when: 'before' | 'after'): () => void {
    const gate = Promise.withResolvers<void>();
    this.hooks[method] = async (then) => {
      delete this.hooks[method];
      if (when === 'before') await gate.promise;
      const answer = await then();
      await gate.promise;
      return answer;
    };
    return gate.resolve;
  }

  away(...methods: Method[]): void {
    for (const method of methods) {
      this.hooks[method] = async () => {
        throw new UnavailableError('away');
      };
    }
  }

  /** Settings with the address of each. */
  async start(clock: BusinessClock, stack: AsyncDisposableStack) {
    const listen = async (service: string, contract: ServedContract): Promise<string> => {
      const server = await startServer({
        listen: '127.0.0.1:0',
        tlsDir: engines().tls,
        service,
        clock,
        contracts: [contract],
        recordRefusals: async () => {},
        log: createLogger('fake', 'silent'),
      });
      return `127.0.0.1:${stack.use(server).port}`;
    };
    return {
      ERX_VERIFICATION_URL: await listen('verification', this.#verification()),
      ERX_SETTLEMENT_URL: await listen('settlement', this.#settlement()),
      ERX_TRACEABILITY_URL: await listen('traceability', this.#traceability()),
    };
  }

  #run<T>(
    method: Method,
    { saleId = '' }: { saleId?: string },
    { causationId }: { causationId?: string },
    work: () => T | Refused,
  ): Promise<T | Refused> {
    this.calls.push({ method, saleId, causationId });
    const then = async () => work();
    return (this.hooks[method]?.(then) ?? then()) as Promise<T | Refused>;
  }

  #verification(): ServedContract {
    return partly(VerificationServiceDefinition, {
      getGrant: ({ grantId, institutionId, purpose }, call) =>
        this.#run('getGrant', {}, call, () => {
          const grant = this.grants.get(grantId);
          if (grant?.institutionId !== institutionId || grant.purpose !== purpose) return refuse('GRANT_INVALID');
          return { personId: grant.personId, expiresAt: undefined, insurance, person: undefined, agent: grant.agent };
        }),
      checkReview: ({ document, signer, signature, prescriptionSm3 }, call) =>
        this.#run('checkReview', {}, call, () => {
          if (signature !== 'good') return refuse('PHARMACIST_SIGNATURE_INVALID');
          const opinion = Buffer.from(document).toString();
          const evidence = {
            role: 'PHARMACIST',
            signer,
            format: 'SM2_RAW',
            bytesSm3: prescriptionSm3,
            content: document,
            contentSealed: false,
            signature,
            keyId: 'k1',
            signedAt: undefined,
            result: 'VALID',
          };
          return { opinion, reason: opinion === 'REFUSED' ? '用法需确认' : '', evidence };
        }),
    });
  }

  #settlement(): ServedContract {
    return partly(SettlementServiceDefinition, {
      quote: ({ basis }, call) =>
        this.#run('quote', {}, call, () => {
          if (basis === undefined) throw new Error('a quote of nothing');
          const quoteToken = `q${this.quoted.size + 1}`;
          this.quoted.set(quoteToken, hex(basis));
          const expiresAt = new Date(call.at.getTime() + 15 * 60_000);
          return { quoteToken, expiresAt, amounts: amountsOf(basis) };
        }),
      settle: ({ saleId, basis, quoteToken }, call) =>
        this.#run('settle', { saleId }, call, () => {
          const before = this.settled.get(saleId);
          if (before !== undefined) return before;
          if (this.reversed.has(saleId)) return refuse('INVALID_STATE_TRANSITION');
          if (basis === undefined || this.quoted.get(quoteToken) !== hex(basis)) return refuse('SETTLE_QUOTE_STALE');
          const settled = { settlementId: `S-${saleId}`, amounts: amountsOf(basis) };
          this.settled.set(saleId, settled);
          return settled;
        }),
      reverse: ({ saleId }, call) =>
        this.#run('reverse', { saleId }, call, () => {
          const outcome = this.reversed.get(saleId) ?? (this.settled.delete(saleId) ? 'REVERSED' : 'NEVER_SETTLED');
          this.reversed.set(saleId, outcome);
          return { outcome };
        }),
    });
  }

  #traceability(): ServedContract {
    return partly(TraceabilityServiceDefinition, {
      reserve: ({ saleId, lines }, call) =>
        this.#run('reserve', { saleId }, call, () => {
          if (this.released.has(saleId)) return refuse('INVALID_STATE_TRANSITION');
          const codes = lines.flatMap((line) => line.traceCodes);
          for (const [index, code] of codes.entries()) {
            const holder = this.holderOf(code);
            if (holder !== undefined && holder !== saleId) {
              return refuse('TRACE_CODE_DUPLICATE', { traceCode: code }, `/lines/0/traceCodes/${index}`);
            }
          }
          this.reserved.set(saleId, codes);
          return { reserved: codes.length };
        }),
      returnSale: ({ saleId, leftCounter }, call) =>
        this.#run('returnSale', { saleId }, call, () => {
          const codes = this.reserved.get(saleId);
          if (codes !== undefined) {
            const quarantined = codes.filter((code) => leftCounter.includes(code));
            const restocked = codes.filter((code) => !leftCounter.includes(code));
            this.returned.set(saleId, { restocked, quarantined });
            this.reserved.delete(saleId);
          }
          const { restocked = [], quarantined = [] } = this.returned.get(saleId) ?? {};
          return { restocked: restocked.length, quarantined: quarantined.length };
        }),
      checkSale: ({ saleId }, call) =>
        this.#run('checkSale', { saleId }, call, () => {
          const codes = (this.reserved.get(saleId) ?? []).filter((code) => this.recalled.has(code));
          const since = call.at;
          return { blocked: codes.map((traceCode) => ({ traceCode, state: 'RECALLED', batchNo: 'B1', since })) };
        }),
      clearHandOver: ({ saleId }, call) =>
        this.#run('clearHandOver', { saleId }, call, () => {
          const codes = this.reserved.get(saleId) ?? [];
          const stopped = codes.filter((code) => this.recalled.has(code));
          const since = formatInstant(call.at);
          const refused = stopped.map((traceCode) =>
            refusal('TRACE_CODE_RECALLED', { traceCode, state: 'RECALLED', batchNo: 'B1', since }),
          );
          return refused.length > 0 ? { refused } : { cleared: codes.length };
        }),
      release: ({ saleId }, call) =>
        this.#run('release', { saleId }, call, () => {
          this.released.add(saleId);
          const codes = this.reserved.get(saleId) ?? [];
          this.reserved.delete(saleId);
          return { released: codes.length };
        }),
    });
  }
}

/** The methods that dispensing uses; it must not ask anything else. */
function partly<D extends Parameters<typeof serve>[0]>(
  definition: D,
  handlers: { [M in keyof D['methods']]?: Handle<D, M> },
): ServedContract {
  const all = Object.keys(definition.methods).map((name) => {
    const handle = handlers[name as keyof D['methods']];
    const unexpected = async () => {
      throw new Error(`nobody should ask for ${name}`);
    };
    return [name, { operation: 'internal', handle: handle ?? unexpected }];
  });
  return serve(definition, Object.fromEntries(all));
}

type Handle<D extends Parameters<typeof serve>[0], M extends keyof D['methods']> = Extract<
  Parameters<typeof serve<D>>[1][M],
  { handle: unknown }
>['handle'];

function hex(basis: Basis): string {
  return Buffer.from(Basis.encode(basis).finish()).toString('hex');
}

/** Eighty percent by the fund, whatever it is. */
function amountsOf({ lines, category }: Basis): Amounts {
  const each = lines.map(({ lineNo, drugCode, quantity, unitPrice }) => {
    const total = lineTotal(unitPrice, quantity);
    const basic = share(total, 8_000n);
    return {
      ...{ lineNo, drugCode, quantity, unitPrice, total, basic, category },
      ...{ standard: unitPrice, inScope: total, over: 0n, firstSelf: 0n, deductible: 0n, base: total },
      ...{ serious: 0n, aid: 0n, patient: total - basic, planVersion: 'T@1', listVersion: '420000@1' },
    };
  });
  const sum = (part: 'total' | 'basic' | 'patient') => each.reduce((all, line) => all + line[part], 0n);
  return { total: sum('total'), basic: sum('basic'), serious: 0n, aid: 0n, patient: sum('patient'), lines: each };
}
