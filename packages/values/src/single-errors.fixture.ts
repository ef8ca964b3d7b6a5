/** Every text that differs from this one in exactly one character, which is another one of the alphabet. */
export function* singleErrors(text: string, alphabet: string): Generator<string> {
  for (let place = 0; place < text.length; place++) {
    for (const other of alphabet) {
      if (other !== text[place]) yield text.slice(0, place) + other + text.slice(place + 1);
    }
  }
}
