import { cpus, totalmem } from 'node:os';
import { serviceNames } from '../services.ts';
import type { AppendFigures } from './audit-from-nothing.ts';
import type { Calibration } from './calibrate.ts';
import type { FloorFigures } from './floor/measure-floor.ts';
import type { Measured } from './measure-under.ts';
import type { PartFigures } from './parts.ts';
import { hundredth, tenth } from './round.ts';
import type { StepTimes } from './run-load.ts';
import type { TrafficPer } from './traffic.ts';

type Figures = {
  calibration: Calibration;
  capacity: Measured;
  latency: Measured;
  traffic: TrafficPer;
  parts: PartFigures;
  append: AppendFigures;
  /** The same short load on eight processes, on one, and with traces and metrics sent. */
  eight: Measured;
  one: Measured;
  traced: Measured;
  floor: FloorFigures;
  concurrency: number;
};

export type BenchReport = {
  machine: { cores: number; model: string; memoryBytes: number; node: string };
  calibration: Calibration & Record<'sm2VerifyRatio' | 'sm2SignRatio' | 'sm2VerifyToBare' | 'sm2SignToBare', number>;
  concurrency: number;
  /** At the knee. */
  lifecyclesPerSecond: number;
  callsPerSecond: number;
  /** CPU of all services and PostgreSQL ÷ CPU of the bare process and PostgreSQL. */
  cpuRatioToFloor: number;
  /** CPU milliseconds of a lifecycle. */
  cpuMsPerLifecycle: Record<string, number>;
  floor: FloorFigures;
  /** Bytes at the end of the load, shared pages in parts (PSS). */
  memory: Record<string, number>;
  servicesMemory: number;
  perLifecycle: TrafficPer;
  parts: PartFigures & { append: AppendFigures; cpuRatioWithTraces: number; cpuRatioOfOneProcess: number };
  steps: { atCapacity: StepTimes; atHalf: StepTimes };
  lifecyclesPerSecondAtHalf: number;
  /** A load generator that ran out of packages measured less than was asked. */
  ranOut: boolean;
};

export function makeBenchReport(figures: Figures): BenchReport {
  const { calibration, capacity, latency, traffic, floor, concurrency, parts, append } = figures;
  const { sm2 } = calibration;
  const [model] = cpus();
  return {
    machine: { cores: cpus().length, model: model?.model ?? '', memoryBytes: totalmem(), node: process.version },
    calibration: {
      ...calibration,
      sm2VerifyRatio: tenth(sm2.verify / sm2.verifyInJavaScript),
      sm2SignRatio: tenth(sm2.sign / sm2.signInJavaScript),
      sm2VerifyToBare: hundredth(sm2.verify / sm2.verifyBare),
      sm2SignToBare: hundredth(sm2.sign / sm2.signBare),
    },
    concurrency,
    lifecyclesPerSecond: tenth(capacity.load.lifecycles / capacity.load.seconds),
    callsPerSecond: tenth(capacity.load.calls / capacity.load.seconds),
    cpuRatioToFloor: tenth(cpuOf(capacity) / (floor.postgres + floor.bare)),
    cpuMsPerLifecycle: Object.fromEntries(Object.entries(capacity.cpuMs).map(([name, ms]) => [name, tenth(ms)])),
    floor,
    memory: capacity.memory,
    servicesMemory: serviceNames.reduce((sum, name) => sum + (capacity.memory[name] ?? 0), 0),
    perLifecycle: traffic,
    parts: {
      ...parts,
      append,
      cpuRatioWithTraces: hundredth(cpuOf(figures.traced) / cpuOf(figures.eight)),
      cpuRatioOfOneProcess: hundredth(cpuOf(figures.one) / cpuOf(figures.eight)),
    },
    steps: { atCapacity: capacity.load.steps, atHalf: latency.load.steps },
    lifecyclesPerSecondAtHalf: tenth(latency.load.lifecycles / latency.load.seconds),
    ranOut: capacity.load.ranOut || latency.load.ranOut,
  };
}

/** CPU milliseconds of all services and PostgreSQL for a lifecycle. */
function cpuOf({ cpuMs }: Measured): number {
  return [...serviceNames, 'postgres'].reduce((sum, name) => sum + (cpuMs[name] ?? 0), 0);
}

/** The report for the terminal. */
export function benchLines(report: BenchReport): string[] {
  const { calibration, perLifecycle: per, floor, cpuMsPerLifecycle, memory } = report;
  const sum = Object.values(cpuMsPerLifecycle).reduce((total, ms) => total + ms, 0);
  return [
    '',
    `machine: ${report.machine.cores} × ${report.machine.model}, Node ${report.machine.node}`,
    `calibration: ${calibration.hashesPerSecond} MiB of SHA-256 a second; SM2 verify ${calibration.sm2.verify}/s ` +
      `(${calibration.sm2VerifyRatio} × JavaScript), sign ${calibration.sm2.sign}/s (${calibration.sm2SignRatio} ×); ` +
      `${calibration.sm2VerifyToBare} and ${calibration.sm2SignToBare} of a bare OpenSSL loop`,
    `sealing a person ${micros(calibration.sealing.seal)} µs, opening ${micros(calibration.sealing.open)} µs`,
    '',
    `capacity: ${report.lifecyclesPerSecond} lifecycles/s, ${report.callsPerSecond} calls/s with ${report.concurrency} at once` +
      (report.ranOut ? ' (the packages ran out)' : ''),
    `CPU of a lifecycle: ${sum.toFixed(1)} ms; services and PostgreSQL ÷ floor = ${report.cpuRatioToFloor}`,
    `floor: PostgreSQL ${floor.postgres} ms + bare process ${floor.bare} ms, ${floor.statements} statements` +
      (floor.failed > 0 ? `, ${floor.failed} of all failed` : ''),
    `a lifecycle: ${per.statements} statements, ${per.transactions} transactions, ${per.events} events of ` +
      `${per.eventBytes} bytes, ${per.walBytes} bytes of WAL`,
    '',
    `${'process'.padEnd(16)}${'CPU ms'.padStart(9)}${'MiB'.padStart(8)}`,
    ...Object.entries(cpuMsPerLifecycle).map(
      ([name, ms]) => `${name.padEnd(16)}${ms.toFixed(1).padStart(9)}${mebi(memory[name] ?? 0).padStart(8)}`,
    ),
    `${'services'.padEnd(16)}${''.padStart(9)}${mebi(report.servicesMemory).padStart(8)}`,
    '',
    ...partLines(report.parts),
    '',
    `at ${report.lifecyclesPerSecondAtHalf} lifecycles/s, half of capacity:`,
    `${'step'.padEnd(16)}${'count'.padStart(8)}${'p50 ms'.padStart(9)}${'p95 ms'.padStart(9)}${'p99 ms'.padStart(9)}`,
    ...Object.entries(report.steps.atHalf).map(stepLine),
  ];
}

function partLines(parts: BenchReport['parts']): string[] {
  return [
    `${parts.codesPerSecond} trace codes taken in a second, ${parts.checksPerSecond} checked; ` +
      `${parts.gatewayCallsPerSecond} calls/s of the gateway alone`,
    `${parts.entriesReadPerSecond} audit entries read a second by a regulator who catches up`,
    `audit from nothing: ${parts.append.entries} entries, ${parts.append.perSecond} a second`,
    `CPU with traces and metrics sent ÷ without: ${parts.cpuRatioWithTraces}; one process ÷ eight: ${parts.cpuRatioOfOneProcess}`,
    ...Object.entries(parts.steps).map(stepLine),
  ];
}

function stepLine([step, { count, p50, p95, p99 }]: [string, StepTimes[string]]): string {
  return step.padEnd(16) + String(count).padStart(8) + [p50, p95, p99].map((ms) => ms.toFixed(1).padStart(9)).join('');
}

function micros(perSecond: number): string {
  return (1_000_000 / perSecond).toFixed(0);
}

function mebi(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
