import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedWitness } from '../log/sandbox-witnesses.ts';
import { hubFilePath } from '../paths.ts';
import type { ServiceName } from '../services.ts';
import { writeAtomically } from '../write-atomically.ts';

/** hub.json: what runs in a data folder, and where. Holds passwords: readable by its owner only. */
export type HubFile = {
  /** `ready`: every service serves and the sandbox's world is there. */
  state: 'starting' | 'ready' | 'stopping' | 'stopped';
  /** The supervisor; absent when stopped. */
  pid?: number;
  startedAt: string;
  gateway: { url: string };
  processes: Partial<Record<ServiceName | 'postgres' | 'kafka', number>>;
  adminUrl: string;
  databases: Record<ServiceName, string>;
  brokers: string[];
  grpc: Record<ServiceName, string>;
  /** Health and metrics of each: `http://<host:port>/health/ready`, `/metrics`. */
  internal: Record<ServiceName, string>;
  tls: string;
  secrets: string;
  /** Public key of the log (C2SP signed-note), and who cosigns it; absent before there is one. */
  audit?: { verifierKey: string; witnesses: NamedWitness[] };
  /** What the sandbox wrote about its clients: credentials and key files by role. */
  sandbox?: unknown;
};

export function writeHubFile(dataDir: string, content: Omit<HubFile, 'sandbox'>): void {
  const sandbox = readSandbox(dataDir);
  const whole = sandbox === undefined ? content : { ...content, sandbox };
  writeAtomically(hubFilePath(dataDir), `${JSON.stringify(whole, undefined, 2)}\n`);
}

export function readHubFile(path: string): HubFile | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function readSandbox(dataDir: string): unknown {
  const file = join(dataDir, 'sandbox', 'clients.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
