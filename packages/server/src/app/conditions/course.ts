import type { Truth } from 'sluice';

/** What a part of a condition is at each moment, as far as a clock can tell. */
export interface Course {
  truthAt(atMs: number): Truth;
  /** The next moment at which it may be something else, and never an earlier one; `undefined` where it stays as it is. */
  nextMs(atMs: number): number | undefined;
}

/** What stays as it is, whatever the clock says. */
export function always(truth: Truth): Course {
  return { truthAt: () => truth, nextMs: () => undefined };
}

/** What is one thing before a moment and another from then on. */
export function from(fromMs: number, before: Truth, after: Truth): Course {
  return {
    truthAt: (atMs) => (atMs >= fromMs ? after : before),
    nextMs: (atMs) => (atMs < fromMs ? fromMs : undefined),
  };
}
