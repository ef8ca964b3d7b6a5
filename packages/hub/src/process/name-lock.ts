import { rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A listening socket is the lock: the kernel frees it when its holder dies, however it dies, so no lock is ever stale.
// Linux has names without a file; elsewhere a socket file that nobody answers on is taken over.
function address(name: string): string {
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

/** Holds a name on this machine until disposed; undefined when another process holds it. */
export async function holdName(name: string): Promise<AsyncDisposable | undefined> {
  const path = address(name);
  if (process.platform === 'darwin' && !(await isHeld(name))) rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  const held = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(path, () => resolve(true));
  });
  if (!held) return undefined;
  server.unref();
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

export function isHeld(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address(name));
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
