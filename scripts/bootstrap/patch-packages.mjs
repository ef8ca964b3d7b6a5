// Mends installed packages by the patches in the folder beside it (ADR 0017). Run after every install; a second time it does nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch, parsePatch, reversePatch } from 'diff';
import { patchesDir, root } from './paths.mjs';

for (const name of readdirSync(patchesDir)) {
  for (const patch of parsePatch(readFileSync(join(patchesDir, name), 'utf8'))) {
    const file = join(root, patch.newFileName.replace(/^b\//, ''));
    const text = readFileSync(file, 'utf8');
    if (applyPatch(text, reversePatch(patch)) !== false) continue;
    const mended = applyPatch(text, patch);
    if (mended === false) throw new Error(`${name} does not fit ${file}: was the package's version changed?`);
    writeFileSync(file, mended);
  }
}
