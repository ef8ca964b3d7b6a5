/** A text that must not turn up, and how a report calls it without repeating it. */
export type Needle = { label: string; text: string };
/** The same text as bytes of one encoding. */
export type Pattern = { needle: Pick<Needle, 'label'>; encoding: string; bytes: Buffer };

export type Person = { name: string; certNo: string; phone: string };

/** Name, number and phone of each person. */
export function needlesOf(persons: readonly Person[], whose: string): Needle[] {
  return persons.flatMap(({ name, certNo, phone }, index) => [
    { label: `name of ${whose} ${index + 1}`, text: name },
    { label: `number of ${whose} ${index + 1}`, text: certNo },
    { label: `phone of ${whose} ${index + 1}`, text: phone },
  ]);
}

/** Every form in which a text gets into bytes: as it is, and as logs, dumps, addresses and JSON write it. */
export function patternsOf(needle: Needle): Pattern[] {
  const { text } = needle;
  const utf8 = Buffer.from(text);
  const forms: [encoding: string, bytes: Buffer][] = [
    ['UTF-8', utf8],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['UTF-16 (big end first)', Buffer.from(text, 'utf16le').swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ...[0, 1, 2].map((shift): [string, Buffer] => ['base64', base64Inside(utf8, shift)]),
    ...[0, 1, 2].map((shift): [string, Buffer] => ['base64url', urlForm(base64Inside(utf8, shift))]),
    ['percent', Buffer.from(encodeURIComponent(text))],
    ['JSON escapes', Buffer.from(escaped(text))],
  ];
  // ASCII is the same in several of them.
  const known = new Set<string>();
  return forms
    .filter(([, bytes]) => !known.has(bytes.toString('latin1')) && known.add(bytes.toString('latin1')))
    .map(([encoding, bytes]) => ({ needle, encoding, bytes }));
}

/** Bytes that are no text, as programs print them. */
export function rawPatternsOf({ label, bytes }: { label: string; bytes: Buffer }): Pattern[] {
  const forms: [encoding: string, bytes: Buffer][] = [
    ['bytes', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...[0, 1, 2].map((shift): [string, Buffer] => ['base64', base64Inside(bytes, shift)]),
    ...[0, 1, 2].map((shift): [string, Buffer] => ['base64url', urlForm(base64Inside(bytes, shift))]),
  ];
  return forms.map(([encoding, form]) => ({ needle: { label }, encoding, bytes: form }));
}

/** The letters that depend on the text alone when it stands `shift` bytes behind a border of three. */
function base64Inside(bytes: Buffer, shift: number): Buffer {
  const letters = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const whole = Math.floor(((shift + bytes.length) * 8) / 6);
  return Buffer.from(letters.slice(Math.ceil((shift * 8) / 6), whole));
}

function urlForm(letters: Buffer): Buffer {
  return Buffer.from(letters.toString().replaceAll('+', '-').replaceAll('/', '_'));
}

function escaped(text: string): string {
  return [...text]
    .flatMap((character) => (character < '\u0080' ? character : character.split('')))
    .map((unit) => (unit < '\u0080' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`))
    .join('');
}
