import { murmur3 } from 'sluice';
import { BottomLines, type KeptLine, type SampleBounds } from './bottom-lines.ts';
import { lineHash } from './line-hash.ts';
import { lineText, type SampledLine } from './sampled-line.ts';

export interface SampleOptions {
  /** How many lines are kept at most. */
  readonly lines: number;
  /** A random text that nobody else knows, so that nobody can choose what is kept. Samples that are merged share it. */
  readonly seed: string;
}

/** Some lines of one generation, as a process tells them to another that has the same seed. */
export interface SamplePiece {
  readonly generation: number;
  readonly lines: readonly SampledLine[];
}

interface Generation {
  readonly number: number;
  readonly lines: BottomLines;
}

/** How long a generation lasts, in milliseconds. The next begins only when a line comes: what was asked last is never forgotten. */
export const generationMs = 3_600_000;
/** Longer lines are nobody's update check. */
const longestLine = 2000;
/** How long a line is at most, taken over all of them. */
const usualLine = 500;

/** A sample of so many lines; none where none are wanted. */
export function openSample(lines: number, seed: string): RequestSample | undefined {
  return lines === 0 ? undefined : new RequestSample({ lines, seed });
}

/**
 * A sample of the distinct request lines that were asked lately: of two generations, the one that goes on and the one
 * before. Nothing is ever written down.
 */
export class RequestSample {
  readonly #bounds: SampleBounds;
  readonly #seed: number;
  #young: Generation;
  #old: Generation;
  #hasNews = false;

  constructor({ lines, seed }: SampleOptions) {
    this.#bounds = { lines, characters: lines * usualLine };
    this.#seed = murmur3(seed);
    this.#young = { number: 0, lines: new BottomLines(this.#bounds) };
    this.#old = { number: -1, lines: new BottomLines(this.#bounds) };
  }

  /** Offers a line that is asked now, and answers when the same line is to be offered again, in milliseconds since 1970. */
  offer(line: SampledLine, nowMs: number): number {
    const number = Math.floor(nowMs / generationMs);
    this.#reach(number);
    this.#add(this.#young, line);
    return (number + 1) * generationMs;
  }

  /** Takes over what another process has told. */
  take({ generation, lines }: SamplePiece): void {
    if (generation !== this.#old.number) this.#reach(generation);
    const into = generation === this.#old.number ? this.#old : this.#young;
    for (const line of lines) this.#add(into, line);
  }

  /** Up to `most` lines of this generation that were not told before; `undefined` when there are none. */
  news(most: number): SamplePiece | undefined {
    if (!this.#hasNews) return undefined;
    const { number, lines } = this.#young;
    const untold: KeptLine[] = [];
    for (const kept of lines.kept()) {
      if (kept.told) continue;
      if (untold.length === most) break;
      kept.told = true;
      untold.push(kept);
    }
    if (untold.length < most) this.#hasNews = false;
    return untold.length === 0 ? undefined : { generation: number, lines: untold.map(({ line }) => line) };
  }

  /** The sample, in an order that has nothing to do with what the lines say: any beginning of it is a sample too. */
  lines(): readonly SampledLine[] {
    return this.#distinct()
      .sort((a, b) => a.hash - b.hash)
      .slice(0, this.#bounds.lines)
      .map(({ line }) => line);
  }

  /** How many lines there are. */
  get size(): number {
    return Math.min(this.#distinct().length, this.#bounds.lines);
  }

  #distinct(): KeptLine[] {
    const young = this.#young.lines;
    const old = this.#old.lines;
    // Where one generation has dropped lines, those of the other with larger hashes stand for themselves only.
    const limit = Math.min(young.limit, old.limit);
    const both = [...young.kept(), ...old.kept().filter(({ text }) => !young.has(text))];
    return both.filter(({ hash }) => hash < limit);
  }

  #add({ lines }: Generation, line: SampledLine): void {
    const text = lineText(line);
    if (text.length > longestLine) return;
    if (lines.offer(line, text, lineHash(this.#seed, text))) this.#hasNews = true;
  }

  /** Begins a new generation when its time has come, or when the clock was set back. */
  #reach(number: number): void {
    const current = this.#young.number;
    if (number <= current && number >= current - 1) return;
    if (this.#young.lines.size > 0) this.#old = this.#young;
    this.#young = { number, lines: new BottomLines(this.#bounds) };
  }
}
