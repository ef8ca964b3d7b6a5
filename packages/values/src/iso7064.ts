/**
 * Check character of a hybrid system of ISO 7064, MOD (M+1, M), where M is the length of `alphabet`.
 * Notices every single wrong character, for any even M, because each step is a bijection.
 * Throws RangeError when a character is not in the alphabet.
 */
export function checkCharacter(text: string, alphabet: string): string {
  const m = alphabet.length;
  let carry = m;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) throw new RangeError('character outside the alphabet');
    carry = (((carry + value) % m || m) * 2) % (m + 1);
  }
  return alphabet.charAt((m + 1 - carry) % m);
}
