/** Something the person at the keyboard can mend: the message is a sentence with the remedy. Never shown with a stack. */
export class Failure extends Error {
  override name = 'Failure';
}

/** The sentence for a failure, if it is one that a person can mend. */
export function sentenceFor(error: unknown, dataDir: string): string | undefined {
  if (error instanceof Failure) return error.message;
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return diskFull(path ?? dataDir);
  if ((code === 'EACCES' || code === 'EPERM' || code === 'EROFS') && path !== undefined) {
    return `${path} is not writable for this user. Mend its owner, or choose another folder: ERX_DATA_DIR=<folder>.`;
  }
  if (error instanceof Error && saysDiskFull(error.message)) return diskFull(dataDir);
  return undefined;
}

export function saysDiskFull(text: string): boolean {
  return /ENOSPC|No space left on device/i.test(text);
}

export function diskFull(where: string): string {
  return `The disk that holds ${where} is full. Free some space (see \`df -h\`), or choose another folder: ERX_DATA_DIR=<folder>.`;
}
