import { rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A listening socket is the lock: the kernel frees it when its holder dies, so no lock is ever stale. Linux has names
// without a file; elsewhere a socket file that nobody answers on is taken over.
function address(name) {
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

/** Waits until this process holds the name; gives the function that releases it. */
export async function holdName(name) {
  for (let tries = 0; ; tries += 1) {
    const server = await tryToListen(address(name));
    if (server !== undefined) return () => server.close();
    if (process.platform === 'darwin' && !(await isHeld(name))) rmSync(address(name), { force: true });
    if (tries === 0) console.log('waiting for another command of this checkout to finish its installation …');
    await sleep(300);
  }
}

function tryToListen(path) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

export function isHeld(name) {
  return new Promise((resolve) => {
    const socket = createConnection(address(name));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
