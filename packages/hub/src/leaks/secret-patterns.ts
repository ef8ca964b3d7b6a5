import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Pattern, patternsOf, rawPatternsOf } from './needles.ts';

/** How the report calls a secret begins with this. */
const LABEL = 'secret ';

/**
 * The hub's own secrets in every form in which bytes are printed: key files, passwords, private parts of keys. What is no
 * secret, such as a public key, gives none.
 */
export function secretPatterns(folders: readonly string[]): Pattern[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ name }) => {
        const content = readFileSync(join(folder, name));
        const label = `${LABEL}in ${name}`;
        const texts = textsIn(name, content.toString());
        if (texts === undefined) return rawPatternsOf({ label, bytes: content });
        return texts.flatMap((text) => patternsOf({ label, text }));
      }),
  );
}

/** Undefined: the whole file is the secret. */
function textsIn(name: string, content: string): string[] | undefined {
  if (name.endsWith('.password')) return [content.trim()];
  if (content.includes('PRIVATE KEY-----')) return content.split('\n').filter((line) => /^[\w+/]{64}$/.test(line));
  const signers = content.split('\n').filter((line) => line.startsWith('PRIVATE+KEY+'));
  if (signers.length > 0) return signers.map((line) => line.split('+').slice(4).join('+'));
  if (name.endsWith('.json')) return [...content.matchAll(/"d":"([\w-]+)"/g)].map(([, d = '']) => d);
  return /\.key(\.|$)/.test(name) ? undefined : [];
}

/** Where a secret lies lawfully: with the keys, and in the note of a living hub, which only its owner can read. */
const lawful = /^(secrets|tls)\/|^hub(-seen-by-clients)?\.json$/;

const isSecret = ({ label }: { label: string }): boolean => label.startsWith(LABEL);
export const isLawful = (finding: { label: string; place: string }): boolean =>
  isSecret(finding) && lawful.test(finding.place);
