import { LRUCache } from 'lru-cache';
import { otherLabel } from './meter.ts';
import { type Count, counterLabels, type MeterReading } from './meter-reading.ts';

const nothing = new Float64Array(0);

export interface MergedReadingsOptions {
  /** How many sources of other nodes are told apart; more are refused. */
  readonly maxSources?: number;
  /** How many series there may be in all; what comes later is counted as `other` in all its labels. */
  readonly maxSeries?: number;
  /** After how long a silent source gives up its place to a new one. */
  readonly silentMs?: number;
  /** Any clock that never goes back. */
  readonly nowMs?: () => number;
}

/** What a source said last. */
interface Said {
  readonly values: Float64Array;
  readonly atMs: number;
  /** Whether it is a process of this node, which is always heard. */
  readonly isOwn: boolean;
}

/**
 * One reading made of those of many sources, such as workers and edges. What was counted once stays counted: no number
 * of the total ever goes down.
 *
 * A source that counts less than before has started anew under its old name, so it should have another name each time it
 * starts. One that is heard of again after it was retired goes on where it was. One that has lost its place to another
 * goes on from what it says next: what it counted meanwhile is not in the total, and nothing is in it twice.
 */
export class MergedReadings {
  readonly #maxSources: number;
  readonly #maxSeries: number;
  readonly #silentMs: number;
  readonly #nowMs: () => number;
  readonly #seriesByKey = new Map<string, number>();
  readonly #series: Pick<Count, 'name' | 'labels'>[] = [];
  readonly #totals: number[] = [];
  /** The longest silent one first. */
  readonly #last = new Map<string, Said>();
  readonly #retired = new Set<string>();
  /** Names of those that have lost their places. */
  readonly #forgotten: LRUCache<string, true>;

  constructor({
    maxSources = 2000,
    maxSeries = 25_000,
    silentMs = 3_600_000,
    nowMs = () => performance.now(),
  }: MergedReadingsOptions = {}) {
    this.#maxSources = maxSources;
    this.#maxSeries = maxSeries;
    this.#silentMs = silentMs;
    this.#nowMs = nowMs;
    this.#forgotten = new LRUCache({ max: 10 * maxSources });
  }

  /**
   * Takes what a source has counted since its start, in the place of what it said before. Answers `false`, and counts
   * nothing, when there are too many sources to take a new one.
   */
  put(source: string, reading: MeterReading): boolean {
    const hasPlace = this.#last.has(source) || this.#last.size < this.#maxSources || this.#forgetOne();
    if (hasPlace) this.#take(source, reading, false);
    return hasPlace;
  }

  /** The same for a process of this node, which is never refused and keeps its place until it is retired. */
  putOwn(source: string, reading: MeterReading): void {
    this.#take(source, reading, true);
    while (this.#last.size > this.#maxSources && this.#retired.size > 0) this.#forgetOne();
  }

  /** Says that nothing more is expected of a source. */
  retire(source: string): void {
    if (this.#last.has(source)) this.#retired.add(source);
  }

  /** Everything that any source has ever counted. */
  total(): MeterReading {
    return this.#series.map((series, index) => ({ ...series, value: this.#totals[index] ?? 0 }));
  }

  #take(source: string, reading: MeterReading, isOwn: boolean): void {
    const values = this.#valuesOf(reading);
    const isBack = this.#forgotten.delete(source);
    const before = isBack ? values : (this.#last.get(source)?.values ?? nothing);
    const startedAnew = before.some((value, series) => value > (values[series] ?? 0));
    for (const [series, value] of values.entries()) {
      (this.#totals[series] as number) += startedAnew ? value : value - (before[series] ?? 0);
    }
    this.#retired.delete(source);
    this.#last.delete(source);
    this.#last.set(source, { values, atMs: this.#nowMs(), isOwn });
  }

  /** The values of a reading by the index of their series. */
  #valuesOf(reading: MeterReading): Float64Array {
    const indices = reading.map(({ name, labels }) => this.#seriesOf(name, labels));
    const values = new Float64Array(this.#series.length);
    for (const [at, { value }] of reading.entries()) (values[indices[at] as number] as number) += value;
    return values;
  }

  #seriesOf(name: Count['name'], labels: readonly string[]): number {
    const key = [name, ...labels].join('\0');
    const known = this.#seriesByKey.get(key);
    if (known !== undefined) return known;
    if (this.#series.length < this.#maxSeries) return this.#addSeries(key, name, labels);
    const others = counterLabels[name].map(() => otherLabel);
    const otherKey = [name, ...others].join('\0');
    return this.#seriesByKey.get(otherKey) ?? this.#addSeries(otherKey, name, others);
  }

  #addSeries(key: string, name: Count['name'], labels: readonly string[]): number {
    this.#seriesByKey.set(key, this.#series.length);
    this.#totals.push(0);
    return this.#series.push({ name, labels }) - 1;
  }

  /** Forgets a retired source, or else one that was silent for long; answers whether there was any. */
  #forgetOne(): boolean {
    const [source = this.#longSilent()] = this.#retired;
    if (source === undefined) return false;
    this.#retired.delete(source);
    this.#last.delete(source);
    this.#forgotten.set(source, true);
    return true;
  }

  #longSilent(): string | undefined {
    for (const [source, { atMs, isOwn }] of this.#last) {
      if (!isOwn) return this.#nowMs() - atMs >= this.#silentMs ? source : undefined;
    }
    return undefined;
  }
}
