/** Who has to do something before the same request can succeed. */
export type MustAct =
  | 'PATIENT'
  | 'HOSPITAL'
  | 'PHARMACY'
  | 'INSTITUTION'
  | 'AGENCY'
  | 'CLIENT' // the software that called
  | 'HUB'
  | 'NOBODY';

export type CatalogueEntry = {
  /** B blocks the act, H holds it for a person's decision, S fund pays 0, W warning only, T technical. */
  effect: 'B' | 'H' | 'S' | 'W' | 'T';
  zh: string;
  en: string;
  /** Requirement ids; their prefix names the policy document. `PROJECT` = our own rule. */
  requirements: readonly string[];
  mustAct: MustAct;
  /** NEVER: do not repeat. AFTER_CHANGE: repeat when the named thing was mended. LATER: the same request may succeed later. */
  retry: 'NEVER' | 'AFTER_CHANGE' | 'LATER';
  http: 400 | 401 | 403 | 404 | 405 | 406 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
};
