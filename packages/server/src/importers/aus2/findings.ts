import type { Mistake } from '../../problem.ts';

/** More than a person reads at once; the rest is counted only. */
const mostListed = 1000;

/** What is wrong or odd in a text, by place. The first mistake at a place is its cause, later ones there are dropped. */
export class Findings {
  readonly #lineStarts: readonly number[];
  readonly #mistakes = new Map<number, string>();
  readonly #warnings = new Map<number, string>();
  #unlisted = 0;

  constructor(text: string) {
    const lineStarts = [0];
    for (const { index, 0: lineEnd } of text.matchAll(/\r\n|\r|\n/g)) lineStarts.push(index + lineEnd.length);
    this.#lineStarts = lineStarts;
  }

  mistake(at: number, message: string): void {
    if (this.#mistakes.has(at)) return;
    if (this.#mistakes.size < mostListed) this.#mistakes.set(at, message);
    else this.#unlisted += 1;
  }

  warning(at: number, message: string): void {
    if (this.#warnings.size < mostListed) this.#warnings.set(at, message);
  }

  /** How many mistakes were found, listed or not. */
  get mistakeCount(): number {
    return this.#mistakes.size + this.#unlisted;
  }

  mistakes(): readonly Mistake[] {
    return this.#inOrder(this.#mistakes);
  }

  warnings(): readonly Mistake[] {
    return this.#inOrder(this.#warnings);
  }

  /** An offset as `LINE:COLUMN`, both from 1; columns count UTF-16 units, as editors do. */
  place(at: number): string {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return `${low + 1}:${at - (this.#lineStarts[low] ?? 0) + 1}`;
  }

  #inOrder(found: ReadonlyMap<number, string>): readonly Mistake[] {
    return [...found].sort(([a], [b]) => a - b).map(([at, message]) => ({ at: this.place(at), message }));
  }
}
