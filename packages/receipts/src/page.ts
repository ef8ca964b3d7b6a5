import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the page as it is served, by its name below the page's address. */
export type PageFile = { type: string; content: string };

const browser = (name: string): string => fileURLToPath(new URL(`../browser/${name}`, import.meta.url));
// Whole statements at the beginning of a line: what looks like one in a comment is none.
const IMPORT = /^((?:import|export)\b[^;'"]*?\bfrom\s*|import\s*)(['"])([^'"]+)\2/gm;

/**
 * The verifier as a page: the same modules as on the command line, their types stripped, each import under a name of this
 * page, so that a browser loads it from here alone and sends nothing anywhere.
 */
export function verifierPage(): Map<string, PageFile> {
  const files = new Map<string, PageFile>([
    ['', { type: 'text/html; charset=utf-8', content: readFileSync(browser('index.html'), 'utf8') }],
    ['style.css', { type: 'text/css; charset=utf-8', content: readFileSync(browser('style.css'), 'utf8') }],
  ]);
  const names = new Map<string, string>();
  /** Takes a module and all that it imports; gives its name. */
  const take = (path: string): string => {
    const known = names.get(path);
    if (known !== undefined) return known;
    const name = `${names.size}-${basename(path, extname(path))}.js`;
    names.set(path, name);
    const resolve = createRequire(path).resolve;
    const content = scriptOf(path).replace(IMPORT, (_, before: string, _quote, specifier: string) => {
      return `${before}'./${take(resolve(specifier))}'`;
    });
    files.set(name, { type: 'text/javascript; charset=utf-8', content });
    return name;
  };
  take(browser('page.js'));
  return files;
}

function scriptOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}
