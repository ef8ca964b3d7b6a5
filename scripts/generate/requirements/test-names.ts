/**
 * Whether a test file can name a test so: word for word, or by a text with `${…}` in it whose fixed parts fit. A name made
 * by other means is not found, so names are written out.
 */
export function saysName(source: string, name: string): boolean {
  if (source.includes(name) || source.replaceAll(/\\(['"`])/g, '$1').includes(name)) return true;
  return templates(source).some((pieces) => {
    // A template with nothing fixed fits every name and says nothing.
    if (pieces.every((piece) => piece.trim() === '')) return false;
    return new RegExp(`^${pieces.map(literally).join('.*')}$`, 's').test(name);
  });
}

/** The fixed parts of every template literal with a substitution, nested ones included. */
function templates(source: string): string[][] {
  const found: string[][] = [];
  for (const { index } of source.matchAll(/`/g)) {
    const pieces = piecesFrom(source, index + 1);
    if (pieces !== undefined && pieces.length > 1) found.push(pieces);
  }
  return found;
}

/** Reads a template literal from behind its opening mark; undefined when it does not end. */
function piecesFrom(source: string, start: number): string[] | undefined {
  const pieces = [''];
  for (let at = start; at < source.length; at += 1) {
    const character = source[at] ?? '';
    if (character === '`') return pieces;
    if (character === '\\') {
      at += 1;
      pieces.push(`${pieces.pop() ?? ''}${source[at] ?? ''}`);
    } else if (character === '$' && source[at + 1] === '{') {
      at = closingBrace(source, at + 2);
      pieces.push('');
    } else {
      pieces.push(`${pieces.pop() ?? ''}${character}`);
    }
  }
  return undefined;
}

function closingBrace(source: string, start: number): number {
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    if (source[at] === '{') depth += 1;
    if (source[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return source.length;
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
