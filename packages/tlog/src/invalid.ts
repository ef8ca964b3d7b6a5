/** What was wrong with a text or a proof that came from outside, in words for a person. */
export type Invalid = { readonly invalid: string };

export function isInvalid(value: unknown): value is Invalid {
  return typeof value === 'object' && value !== null && 'invalid' in value;
}
