import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `buf breaking` against the committed descriptor set, which moves only by `npm run generate -- --release`. */
export async function checkReleasedContracts(root: string): Promise<string[]> {
  const proto = join(root, 'proto');
  if (!existsSync(join(proto, 'released.binpb'))) return ['proto/released.binpb is missing'];
  try {
    execFileSync(join(root, 'node_modules', '.bin', 'buf'), ['breaking', '--against', 'released.binpb'], {
      cwd: proto,
      encoding: 'utf8',
    });
    return [];
  } catch (error) {
    return [String((error as { stdout?: string }).stdout ?? error)];
  }
}
