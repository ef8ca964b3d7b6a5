import { readHubFile } from '../supervisor/hub-file.ts';
import { type Usage, usageOf } from './processes.ts';
import { type Load, type LoadReport, runLoad } from './run-load.ts';

export type Measured = {
  load: LoadReport;
  /** CPU milliseconds of one lifecycle, by process. */
  cpuMs: Record<string, number>;
  /** Bytes at the end, by process. */
  memory: Record<string, number>;
};

/** Loads the hub and looks at what its processes use meanwhile. */
export async function measureUnder(hubFile: string, load: Load, signal: AbortSignal): Promise<Measured> {
  const processes = (): Record<string, Usage> =>
    usageOf((readHubFile(hubFile)?.processes ?? {}) as Record<string, number>);
  let [before, after] = [processes(), processes()];
  const report = await runLoad(
    hubFile,
    load,
    signal,
    () => {
      before = processes();
    },
    () => {
      after = processes();
    },
  );
  const each = <T>(value: (name: string) => T): Record<string, T> =>
    Object.fromEntries(Object.keys(after).map((name) => [name, value(name)]));
  return {
    load: report,
    cpuMs: each((name) => ((after[name]?.cpuMs ?? 0) - (before[name]?.cpuMs ?? 0)) / report.lifecycles),
    memory: each((name) => after[name]?.memoryBytes ?? 0),
  };
}
