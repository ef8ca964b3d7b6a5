import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const scripts = ['packages/hub/src/cli.ts', 'scripts/check.ts', 'scripts/generate.ts'].map((path) => join(root, path));

/** Ids of processes that run from this checkout and need its installed packages. */
export function livingFromCheckout() {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc() {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      return scripts.some((script) => args.includes(script));
    } catch {
      return false; // gone meanwhile
    }
  });
}

function fromPs() {
  return execFileSync('ps', ['-axwwo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => scripts.some((script) => `${line} `.includes(` ${script} `)))
    .map((line) => line.trim().split(' ')[0]);
}
