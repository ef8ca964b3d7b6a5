/** Something the person at the keyboard can mend: the message is a sentence with the remedy. */
export class Stop extends Error {}

export function explain(error) {
  if (error instanceof Stop) return error.message;
  const text = String(error?.message ?? error);
  if (saysDiskFull(text)) return diskFull;
  if (error?.code === 'EACCES' || error?.code === 'EPERM') {
    return `${error.path ?? 'A folder of this checkout'} is not writable for this user: clone it again as this user, or mend its owner.`;
  }
  return text;
}

export const diskFull = 'The disk is full: free some space (see `df -h .`), then repeat the command.';

export function saysDiskFull(text) {
  return /ENOSPC|No space left on device/i.test(text);
}
