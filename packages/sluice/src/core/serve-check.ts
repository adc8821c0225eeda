/**
 * What a release says when asked whether it serves a request. `beyond-pin` serves, but a pinned release goes before it;
 * the `unknown-…` and `invalid-version` are the client's mistakes; the others refuse.
 */
export type ServeCheck =
  | 'serves'
  | 'beyond-pin'
  | 'no-version'
  | 'not-newer'
  | 'platform-missing'
  | 'unknown-platform'
  | 'unknown-locale'
  | 'invalid-version';
