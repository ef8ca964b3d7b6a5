import type { Prescription, Step } from './follow-prescription.ts';
import { type Health, LOOK_BACK } from './health.ts';

/** What one look at the hub gave. */
export type View = { prescription: Prescription | undefined; steps: readonly Step[]; health: Health };

/** The way of a prescription, one line per event. */
export function trailLines(prescription: Prescription | undefined, steps: readonly Step[]): string[] {
  if (prescription === undefined) return ['处方 Prescription: none yet'];
  const { number, id, status } = prescription;
  const first = steps[0]?.createdAt.getTime() ?? 0;
  return [
    `处方 Prescription ${number}  ${status}  (${id})`,
    `${'time'.padEnd(12)}  ${'after'.padStart(9)}  ${'service'.padEnd(12)}  ${'event'.padEnd(24)}  published  reached`,
    ...steps.map((step) => stepLine(step, first)),
  ];
}

export function stepLine({ service, event, createdAt, publishedAt, reached }: Step, firstMs: number): string {
  const since = (at: Date): string => span(at.getTime() - createdAt.getTime());
  const published = publishedAt === null ? 'waits' : since(publishedAt);
  const arrivals = reached
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ consumer, at }) => `${consumer} ${since(at)}`);
  const after = `+${((createdAt.getTime() - firstMs) / 1000).toFixed(3)} s`;
  const cells = [clock(createdAt), after.padStart(9), service.padEnd(12), event.padEnd(24), published.padStart(9)];
  return `${cells.join('  ')}  ${arrivals.join(', ')}`.trimEnd();
}

export function healthLines(health: Health): string[] {
  const { processes, outboxes, lags, sales, parked, copies } = health;
  const waiting = outboxes.filter((it) => it.waiting > 0);
  const behind = lags.filter((it) => it.behind > 0);
  const count = (n: number): string => (n >= LOOK_BACK ? `${n} or more` : String(n));
  return [
    `进程 Processes     ${processes.slice(0, HALF).map(processCell).join('  ')}`,
    `                   ${processes.slice(HALF).map(processCell).join('  ')}`.trimEnd(),
    `发件箱 Outboxes    ${waiting.map((it) => `${it.service} ${it.waiting} (oldest ${span(it.oldestMs)})`).join(', ') || 'empty'}`,
    `滞后 Lag           ${behind.map((it) => `${it.consumer} ${count(it.behind)} events (oldest ${span(it.oldestMs)})`).join(', ') || 'none'}`,
    `在途销售 In flight ${sales.inFlight === 0 ? 'none' : `${sales.inFlight} sales (oldest ${span(sales.oldestMs)})`}`,
    `搁置消息 Parked    ${parked.map((it) => `${it.service} ${it.count}`).join(', ') || 'none'}`,
    `只读副本 Copies    ${copyCell(copies)}`,
  ];
}

function copyCell({ ages, hashes }: Health['copies']): string {
  const oldest = ages.toSorted((a, b) => b.oldestMs - a.oldestMs)[0];
  if (oldest === undefined) return 'none';
  return `oldest ${span(oldest.oldestMs)} (${oldest.service}), ${hashes === 1 ? 'all the same' : `${hashes} different`}`;
}

// Two lines hold them all on a usual terminal.
const HALF = 5;

function processCell({ name, pid, isAlive }: Health['processes'][number]): string {
  return `${isAlive ? '✓' : '✗'} ${name} ${isAlive ? pid : 'down'}`;
}

/** A duration for a person. */
function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

function clock(at: Date): string {
  const two = (n: number, length = 2): string => String(n).padStart(length, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
}

/** The lines that fit a terminal; of a trail too long for it, the newest. A Chinese character takes two cells. */
export function fit(head: readonly string[], trail: readonly string[], columns: number, rows: number): string[] {
  const room = Math.max(2, rows - head.length - 2);
  const [title = '', heading = '', ...steps] = trail;
  const shown = [...head, '', title, heading, ...steps.slice(-Math.max(0, room - 2))];
  return shown.map((line) => cut(line, columns));
}

function cut(line: string, columns: number): string {
  let [cells, text] = [0, ''];
  for (const character of line) {
    cells += /[\u2e80-\u9fff\uff00-\uffef]/u.test(character) ? 2 : 1;
    if (cells > columns) return text;
    text += character;
  }
  return text;
}
