import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Transition = { from: string; command: string; to: string };

const BEGIN = '<!-- states:begin -->';
const END = '<!-- states:end -->';

/** State diagrams in the services' READMEs, drawn from the transition tables of their domain. */
export async function generateStateDiagrams(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const service of readdirSync(join(root, 'services'))) {
    const readme = join('services', service, 'README.md');
    if (!existsSync(join(root, readme))) continue;
    const text = readFileSync(join(root, readme), 'utf8');
    const from = text.indexOf(BEGIN);
    const to = text.indexOf(END);
    if (from < 0 || to < from) continue;
    const diagrams = await diagramsOf(join(root, 'services', service, 'src', 'domain'));
    if (diagrams.length === 0) continue;
    files.set(readme, `${text.slice(0, from)}${BEGIN}\n${diagrams.join('\n\n')}\n${text.slice(to)}`);
  }
  return files;
}

async function diagramsOf(domain: string): Promise<string[]> {
  if (!existsSync(domain)) return [];
  const diagrams: string[] = [];
  for (const file of readdirSync(domain).sort()) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const exported = (await import(pathToFileURL(join(domain, file)).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      if (/transitions$/i.test(name) && Array.isArray(value)) diagrams.push(diagram(name, value as Transition[]));
    }
  }
  return diagrams;
}

function diagram(name: string, transitions: readonly Transition[]): string {
  const title = name === 'transitions' ? '' : `\`${name}\`\n\n`;
  const lines = transitions.map(({ from, command, to }) => `  ${state(from)} --> ${state(to)}: ${command}`);
  return `${title}\`\`\`mermaid\nstateDiagram-v2\n${lines.join('\n')}\n\`\`\``;
}

function state(name: string): string {
  return name === '' || name === 'NONE' ? '[*]' : name;
}
