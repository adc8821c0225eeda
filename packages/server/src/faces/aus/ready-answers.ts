import type { Outcome, Snapshot } from 'sluice';
import type { Reply } from '../../face.ts';
import type { Asking } from './answer.ts';

/** What is known of a request line at one snapshot: its outcome, and its reply for each branch that was taken so far. */
export interface ReadyLine {
  readonly question: Asking;
  readonly outcome: Outcome;
  /** By the index of the branch. */
  readonly replies: (Reply | undefined)[];
  /** Where the decisions are counted that the replies tell of, by the same index. */
  readonly slots: (number | undefined)[];
}

/**
 * Request lines that were asked lately, `capacity` at most, for one snapshot: with the next all are forgotten.
 *
 * There are two generations: what is asked moves into the young one, and when that has grown to half of the capacity
 * the old one is dropped and it takes its place. So what is asked often stays, at the price of a look-up.
 */
export class ReadyAnswers {
  readonly #generationSize: number;
  #snapshot: Snapshot | undefined;
  #young = new Map<string, ReadyLine>();
  #old = new Map<string, ReadyLine>();

  constructor(capacity: number) {
    this.#generationSize = Math.ceil(capacity / 2);
  }

  find(key: string, snapshot: Snapshot): ReadyLine | undefined {
    if (snapshot !== this.#snapshot) {
      this.#snapshot = snapshot;
      this.#young = new Map();
      this.#old = new Map();
      return undefined;
    }
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.keep(key, old);
    return old;
  }

  keep(key: string, line: ReadyLine): void {
    if (this.#generationSize === 0) return;
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, line);
  }

  /** How many lines are known. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
