import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromBase64, type TreeHead, toBase64 } from '@erx/tlog';

/** The last tree of each log, by origin, that a witness has put its name to. */
export type Memory = {
  get(origin: string): TreeHead | undefined;
  /** On disk when it returns: a witness that forgets would cosign another history. */
  set(origin: string, tree: TreeHead): void;
};

export function fileMemory(file: string): Memory {
  const trees: Record<string, { size: number; root: string }> = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : {};
  return {
    get(origin) {
      const tree = Object.hasOwn(trees, origin) ? trees[origin] : undefined;
      return tree && { size: tree.size, root: fromBase64(tree.root) ?? new Uint8Array() };
    },
    set(origin, { size, root }) {
      trees[origin] = { size, root: toBase64(root) };
      writeDurably(file, `${JSON.stringify(trees, undefined, 2)}\n`);
    },
  };
}

/** A reader sees the old or the new content, also after a crash. Only the owner reads it. */
export function writeDurably(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.new`;
  sync(openSync(beside, 'w', 0o600), content);
  renameSync(beside, file);
  sync(openSync(join(file, '..'), 'r'));
}

function sync(descriptor: number, content = ''): void {
  try {
    if (content !== '') writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
