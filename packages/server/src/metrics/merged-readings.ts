import { otherLabel } from './meter.ts';
import { type Count, counterLabels, type MeterReading } from './meter-reading.ts';

const nothing = new Float64Array(0);

export interface MergedReadingsOptions {
  /** How many sources are told apart; of more than that the retired and the longest silent ones are forgotten first. */
  readonly maxSources?: number;
  /** How many series there may be in all; what comes later is counted as `other` in all its labels. */
  readonly maxSeries?: number;
}

/**
 * One reading made of those of many sources, such as workers and edges. What was counted once stays counted: no number
 * of the total ever goes down.
 *
 * A source that counts less than before has started anew under its old name. One that is heard of again after it was
 * retired goes on where it was, unless it has been forgotten: then all that it counted is taken for new. So a source
 * should have another name each time it starts, and there should be fewer sources than `maxSources`.
 */
export class MergedReadings {
  readonly #maxSources: number;
  readonly #maxSeries: number;
  readonly #seriesByKey = new Map<string, number>();
  readonly #series: Pick<Count, 'name' | 'labels'>[] = [];
  readonly #totals: number[] = [];
  /** What each source said last, the longest silent one first. */
  readonly #last = new Map<string, Float64Array>();
  readonly #retired = new Set<string>();

  constructor({ maxSources = 200, maxSeries = 25_000 }: MergedReadingsOptions = {}) {
    this.#maxSources = maxSources;
    this.#maxSeries = maxSeries;
  }

  /** Takes what a source has counted since its start, in the place of what it said before. */
  put(source: string, reading: MeterReading): void {
    const now = this.#valuesOf(reading);
    const before = this.#last.get(source) ?? nothing;
    const startedAnew = before.some((value, series) => value > (now[series] ?? 0));
    for (const [series, value] of now.entries()) {
      (this.#totals[series] as number) += startedAnew ? value : value - (before[series] ?? 0);
    }
    this.#retired.delete(source);
    this.#last.delete(source);
    this.#last.set(source, now);
    while (this.#last.size > this.#maxSources) this.#forgetOne();
  }

  /** Says that nothing more is expected of a source. */
  retire(source: string): void {
    if (this.#last.has(source)) this.#retired.add(source);
  }

  /** Everything that any source has ever counted. */
  total(): MeterReading {
    return this.#series.map((series, index) => ({ ...series, value: this.#totals[index] ?? 0 }));
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

  #forgetOne(): void {
    const [source = this.#last.keys().next().value ?? ''] = this.#retired;
    this.#retired.delete(source);
    this.#last.delete(source);
  }
}
