import type { SampledLine } from './sampled-line.ts';

/** A line in a sample. */
export interface KeptLine {
  readonly line: SampledLine;
  readonly text: string;
  readonly hash: number;
  /** Whether somebody else has been told of it. */
  told: boolean;
}

/** How much of a sample may be kept. */
export interface SampleBounds {
  readonly lines: number;
  /** Of all lines together. */
  readonly characters: number;
}

/**
 * Of all lines that were offered, those with the smallest hashes: each distinct line is as likely to be among them as any
 * other, however often it came, and nothing has to be remembered of those that are not.
 *
 * Source: bottom-k sketches (Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007).
 */
export class BottomLines {
  readonly #bounds: SampleBounds;
  readonly #byText = new Map<string, KeptLine>();
  /** A heap with the largest hash on top. */
  readonly #heap: KeptLine[] = [];
  #characters = 0;
  #limit = Number.POSITIVE_INFINITY;

  constructor(bounds: SampleBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Lines with this hash or a larger one are not taken any more. */
  get limit(): number {
    return this.#limit;
  }

  /** In no order. */
  kept(): readonly KeptLine[] {
    return this.#heap;
  }

  has(text: string): boolean {
    return this.#byText.has(text);
  }

  /** Answers whether the line was taken; `text` is `lineText` of it. */
  offer(line: SampledLine, text: string, hash: number): boolean {
    if (hash >= this.#limit) return false;
    if (this.#byText.has(text)) return false;
    const kept: KeptLine = { line, text, hash, told: false };
    this.#byText.set(text, kept);
    this.#characters += text.length;
    this.#push(kept);
    while (this.#heap.length > this.#bounds.lines || this.#characters > this.#bounds.characters) this.#dropLargest();
    return hash < this.#limit;
  }

  #push(kept: KeptLine): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(kept);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as KeptLine;
      if (parent.hash >= kept.hash) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = kept;
  }

  #dropLargest(): void {
    const heap = this.#heap;
    const largest = heap[0] as KeptLine;
    const last = heap.pop() as KeptLine;
    this.#byText.delete(largest.text);
    this.#characters -= largest.text.length;
    this.#limit = largest.hash;
    if (heap.length > 0) this.#sink(last);
  }

  /** Puts something in the place of what stood on top. */
  #sink(kept: KeptLine): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && right.hash > (heap[below] as KeptLine).hash) below += 1;
      const child = heap[below] as KeptLine;
      if (child.hash <= kept.hash) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = kept;
  }
}
