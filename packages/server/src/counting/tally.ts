import type { BinCount, CountSeries } from '../count.ts';
import { seriesKey, uncounted } from './series-key.ts';

export interface TallyOptions {
  /** How many series are told apart at most; more are `uncounted`. */
  readonly mostSeries?: number;
}

/** Where one series is counted. Whoever counts it often keeps it, and finds it once. */
export interface Tallied {
  readonly series: CountSeries;
  readonly key: string;
  /** What was counted since it was last taken. */
  count: number;
  /** When it was last counted, in bins that this process has seen. */
  lastBin: number;
}

/**
 * Counts what one process sees. A series has its place for as long as it is counted in every bin, or every other one, so
 * that versions which somebody makes up do not drive out those that are in the field.
 */
export class Tally {
  readonly #mostSeries: number;
  /** Those that have a place. */
  readonly #known = new Map<string, Tallied>();
  #counted: Tallied[] = [];
  #binMs = Number.NEGATIVE_INFINITY;
  #bin = 0;

  constructor({ mostSeries = 20_000 }: TallyOptions = {}) {
    this.#mostSeries = mostSeries;
  }

  find(series: CountSeries): Tallied {
    const key = seriesKey(series);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found: Tallied = { series, key, count: 0, lastBin: this.#bin };
    // Otherwise it is decided when it is taken: by then there may be room.
    if (this.#known.size < this.#mostSeries) this.#known.set(key, found);
    return found;
  }

  /** Counts `times`; on the path of a request nothing else is done. */
  count(tallied: Tallied, times = 1): void {
    if (tallied.count === 0) this.#counted.push(tallied);
    tallied.count += times;
  }

  /** Gives away what was counted since the last time, as of this bin. A series may come twice. */
  take(binMs: number): readonly BinCount[] {
    if (binMs !== this.#binMs) this.#beginBin(binMs);
    const counted = this.#counted;
    this.#counted = [];
    const taken: BinCount[] = [];
    const without = new Map<string, { readonly series: CountSeries; count: number }>();
    for (const tallied of counted) {
      const { count, series } = tallied;
      tallied.count = 0;
      if (this.#hasPlace(tallied)) {
        taken.push({ ...series, binMs, count });
        continue;
      }
      const stand = uncounted(series);
      const key = seriesKey(stand);
      const before = without.get(key);
      if (before === undefined) without.set(key, { series: stand, count });
      else before.count += count;
    }
    for (const { series, count } of without.values()) taken.push({ ...series, binMs, count });
    return taken;
  }

  /** How many series have a place. */
  get size(): number {
    return this.#known.size;
  }

  #hasPlace(tallied: Tallied): boolean {
    const known = this.#known.get(tallied.key);
    if (known === undefined && this.#known.size >= this.#mostSeries) return false;
    if (known === undefined) this.#known.set(tallied.key, tallied);
    (known ?? tallied).lastBin = this.#bin;
    return true;
  }

  #beginBin(binMs: number): void {
    this.#binMs = binMs;
    this.#bin += 1;
    for (const [key, { count, lastBin }] of this.#known) {
      if (count === 0 && lastBin < this.#bin - 2) this.#known.delete(key);
    }
  }
}
