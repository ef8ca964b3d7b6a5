import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** TypeScript of the .proto sources. */
export async function generateContracts(root: string): Promise<Map<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'erx-contracts-'));
  const bin = join(root, 'node_modules', '.bin');
  try {
    execFileSync(join(bin, 'buf'), ['generate', '-o', out], {
      cwd: join(root, 'proto'),
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    });
    const files = new Map<string, string>();
    for (const entry of readdirSync(join(out, 'gen'), { recursive: true, encoding: 'utf8' })) {
      if (entry.endsWith('.ts')) files.set(join('proto', 'gen', entry), readFileSync(join(out, 'gen', entry), 'utf8'));
    }
    return files;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
