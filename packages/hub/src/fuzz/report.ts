/** Megabytes of each process now. */
export type Memory = () => Record<string, number>;

export type Finding = { seed: string; what: string };

const LISTED = 50;
/** A process that grows more than this while it is sent nonsense keeps something of it. */
const GROWTH_MB = 300;

/** What a run has met. */
export class Report {
  readonly answers: Record<string, number> = {};
  readonly findings: Finding[] = [];
  readonly windows = { compared: 0, withEffects: 0 };
  readonly #memory: Memory;
  #first: Record<string, number> | undefined;
  #most: Record<string, number> = {};

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  count(answer: string): void {
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
  }

  find(seed: string, what: string): void {
    this.findings.push({ seed, what });
  }

  /** Memory counts from here on: what a process needs to warm up is no growth. */
  warm(): void {
    this.#first = this.#memory();
  }

  measure(): void {
    for (const [name, mb] of Object.entries(this.#memory())) this.#most[name] = Math.max(mb, this.#most[name] ?? 0);
  }

  /** Most megabytes that each process gained since it was warm. */
  growth(): Record<string, number> {
    const first = this.#first ?? {};
    return Object.fromEntries(
      Object.entries(this.#most).map(([name, mb]) => [name, Math.round(mb - (first[name] ?? mb))]),
    );
  }

  get requests(): number {
    return Object.values(this.answers).reduce((sum, each) => sum + each, 0);
  }

  get swollen(): string[] {
    return Object.entries(this.growth())
      .filter(([, mb]) => mb > GROWTH_MB)
      .map(([name, mb]) => `${name} grew by ${mb} MB`);
  }

  get passed(): boolean {
    return this.findings.length === 0 && this.swollen.length === 0 && this.windows.compared > 0;
  }

  lines(): string[] {
    const { compared, withEffects } = this.windows;
    return [
      `请求 requests: ${this.requests}`,
      ...Object.entries(this.answers)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([answer, count]) => `    ${answer}: ${count}`),
      `表比对 comparisons of all tables: ${compared}, and ${withEffects} spans in which something was rightly done`,
      `内存 memory gained, MB: ${JSON.stringify(this.growth())}`,
      ...this.swollen,
      `发现 findings: ${this.findings.length}`,
      ...this.findings.slice(0, LISTED).map(({ seed, what }) => `    ${what} (${seed})`),
    ];
  }
}
