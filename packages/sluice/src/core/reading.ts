/** What somebody has read of a signal. */
export interface Reading {
  /** When it was so, in milliseconds since 1970: a watermark of the data, not the time at which it was read. */
  readonly asOfMs: number;
  /** Absent when it cannot be known; `note` says why. Never NaN, never infinite. */
  readonly value?: number;
  /** Where it comes from and what is to be thought of it, in a sentence. */
  readonly note: string;
}
