import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';

/** What a process has used since it began, and holds now. */
export type Usage = { cpuMs: number; memoryBytes: number };

const TICK_MS = 10; // USER_HZ, the unit of /proc, is 100 on every Linux

/** By name; PostgreSQL with its backends, also those that have ended. */
export function usageOf(processes: Record<string, number>): Record<string, Usage> {
  if (process.platform !== 'linux') throw new Failure('The bench reads /proc: it runs on Linux only.');
  return Object.fromEntries(
    Object.entries(processes).map(([name, pid]) => [
      name,
      name === 'postgres' ? withChildren(pid) : alone(pid, stat(pid)),
    ]),
  );
}

type Stat = { parent: number; own: number; ended: number };

function stat(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold spaces; what follows it may not.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number): number => fields[number - 3] ?? 0; // as proc(5) numbers them
  return { parent: field(4), own: field(14) + field(15), ended: field(16) + field(17) };
}

function alone(pid: number, { own }: Stat): Usage {
  return { cpuMs: own * TICK_MS, memoryBytes: proportionalBytes(pid) };
}

/** A page that several processes share counts for each with its part (PSS), so that sums are true. */
function proportionalBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}

function withChildren(pid: number): Usage {
  const server = stat(pid);
  const usage = alone(pid, server);
  usage.cpuMs += server.ended * TICK_MS;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const child = stat(Number(entry));
      if (child.parent !== pid) continue;
      const { cpuMs, memoryBytes } = alone(Number(entry), child);
      usage.cpuMs += cpuMs;
      usage.memoryBytes += memoryBytes;
    } catch {
      // ended meanwhile
    }
  }
  return usage;
}
