/** Moments, in milliseconds since 1970: what is older than its own is forgotten, and of what has none all is kept. */
export interface Forgetfulness {
  /** Credentials that expired before. */
  readonly credentials: number;
  /** Replays that were answered before. */
  readonly replays: number;
  /** Bins that begin before, and sources that were last seen before and are not of the newest thousand. */
  readonly counts?: number;
  /** Readings of before. */
  readonly readings?: number;
  /** Notices that were last attempted before, or were to be, and are neither waiting nor being sent. */
  readonly notices?: number;
}
