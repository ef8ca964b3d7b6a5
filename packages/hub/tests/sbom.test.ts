import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

const root = join(import.meta.dirname, '..', '..', '..');
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

type Component = { name: string; group?: string; version?: string; purl?: string };

test('the bill of materials lists every package that any part of the hub depends on, with its version', () => {
  const { scripts } = readJson('package.json') as { scripts: { sbom: string } };
  const [command = ''] = scripts.sbom.split(' > ');
  const output = execFileSync(command, { cwd: root, shell: true, maxBuffer: 32 * 1024 * 1024 }).toString();
  const { bomFormat, components } = JSON.parse(output) as { bomFormat: string; components: Component[] };
  assert.equal(bomFormat, 'CycloneDX');
  const listed = new Set(components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`));
  const declared = globSync('{packages,services}/*/package.json', { cwd: root })
    .flatMap((path) => Object.entries((readJson(path).dependencies ?? {}) as Record<string, string>))
    .filter(([name]) => !name.startsWith('@erx/'))
    .map(([name, version]) => `${name}@${version}`);
  assert.ok(declared.length > 10);
  assert.deepEqual(
    [...new Set(declared)].filter((each) => !listed.has(each)),
    [],
  );
  assert.deepEqual(
    components.filter(({ purl }) => !purl?.startsWith('pkg:npm/')),
    [],
  );
});
