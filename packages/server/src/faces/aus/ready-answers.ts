import type { Outcome, Snapshot } from 'sluice';
import type { Tallied } from '../../counting/tally.ts';
import type { Reply } from '../../face.ts';
import type { Asking } from './answer.ts';

/** What is known of a request line at one snapshot: its outcome, and its reply for each branch that was taken so far. */
export interface ReadyLine {
  readonly question: Asking;
  readonly outcome: Outcome;
  /** By the index of the branch. */
  readonly kept: (KeptReply | undefined)[];
  /** When the line is to be offered for previews again, in milliseconds since 1970. */
  offerAtMs: number;
}

/** A reply that is given again, and where that is counted. */
export interface KeptReply {
  readonly reply: Reply;
  /** Where the meter counts the decision. */
  readonly slot: number;
  /** Where the tally counts the check; absent where it does not. */
  readonly tallied: Tallied | undefined;
}

/** What a line takes in memory at most, taken over all of them, in bytes. */
const bytesForEach = 4096;
/** What a line and a reply take besides their texts, in bytes, as near as can be told. */
const lineBytes = 1000;
const replyBytes = 600;

/**
 * Request lines that were asked lately, `capacity` at most and of 4 kB each on average, for one snapshot: with the next
 * all are forgotten.
 *
 * There are two generations: what is asked moves into the young one, and when that has grown to half of the capacity
 * the old one is dropped and it takes its place. So what is asked often stays, at the price of a look-up.
 */
export class ReadyAnswers {
  readonly #generationSize: number;
  #youngBytes = 0;
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
      this.#youngBytes = 0;
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
    if (this.#young.size >= this.#generationSize) this.#age();
    this.#young.set(key, line);
    this.#grow(lineBytes + 2 * key.length);
    for (const kept of line.kept) if (kept !== undefined) this.#grow(weightOf(kept.reply));
  }

  /** Keeps the reply of a branch of a line that is kept. */
  keepReply(line: ReadyLine, index: number, kept: KeptReply): void {
    line.kept[index] = kept;
    this.#grow(weightOf(kept.reply));
  }

  #grow(bytes: number): void {
    this.#youngBytes += bytes;
    if (this.#youngBytes > this.#generationSize * bytesForEach) this.#age();
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }

  /** How many lines are known. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}

/** The text of a reply, and its bytes beside it. */
function weightOf({ body }: Reply): number {
  return replyBytes + 3 * body.length;
}
