import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PATH = /`((?:services|packages|proto|scripts|docs|infra)\/[\w./-]+)`/g;
const LINK = /\]\((?!https?:|#)([^)#\s]+)/g;

/** Every file that a page names exists: in backticks from the top, as a link from the page. */
export async function checkDocPaths(root: string): Promise<string[]> {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' });
  return list
    .split('\n')
    .filter((page) => page !== '' && existsSync(join(root, page)))
    .flatMap((page) => missingIn(root, page, readFileSync(join(root, page), 'utf8')));
}

function missingIn(root: string, page: string, text: string): string[] {
  const named = [...text.matchAll(PATH)].map(([, path = '']) => path);
  const linked = [...text.matchAll(LINK)].map(([, path = '']) => join(dirname(page), path));
  return [...new Set([...named, ...linked])]
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${page} names ${path}, which does not exist`);
}
