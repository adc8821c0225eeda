import type { BinCount, CountBatch } from '../count.ts';
import { seriesKey, uncounted } from './series-key.ts';

export interface GatheredOptions {
  /** Makes the name of a source: another one each time. */
  readonly makeSource: () => string;
  readonly mostPerBatch?: number;
  /** How many counts wait at most; those of more series are `uncounted` in their bins. */
  readonly mostWaiting?: number;
}

type Waiting = { -readonly [Field in keyof BinCount]: BinCount[Field] };

/** What the processes of a node have counted and no batch holds yet. */
export class GatheredCounts {
  readonly #makeSource: () => string;
  readonly #mostPerBatch: number;
  readonly #mostWaiting: number;
  readonly #waiting = new Map<string, Waiting>();
  /** Up to when each process that lives has told all. */
  readonly #through = new Map<string, number>();
  #source: string;
  #sequence = 0;
  #throughMs = 0;

  constructor({ makeSource, mostPerBatch = 2000, mostWaiting = 100_000 }: GatheredOptions) {
    this.#makeSource = makeSource;
    this.#mostPerBatch = mostPerBatch;
    this.#mostWaiting = mostWaiting;
    this.#source = makeSource();
  }

  /** Says that a process is going to count. Until it tells something no batch goes on. */
  begin(process: string, nowMs: number): void {
    this.#through.set(process, nowMs);
  }

  /** Takes what a process has counted since it told before. */
  take(process: string, counts: readonly BinCount[], throughMs: number): void {
    this.#through.set(process, throughMs);
    for (const count of counts) this.#add(count);
  }

  /** Says that nothing more will come of a process. */
  end(process: string): void {
    this.#through.delete(process);
  }

  /** How many counts wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Puts all that waits into batches, at least one: they say how far this node has come. */
  cut(nowMs: number, isLast = false): readonly CountBatch[] {
    const throughMs = Math.min(nowMs, ...this.#through.values());
    // The clock was set back: what was said to be told all is not, and another source begins there.
    if (throughMs < this.#throughMs) return [...this.#cutTo(this.#throughMs, true), ...this.#begin(throughMs, isLast)];
    return this.#cutTo(throughMs, isLast);
  }

  #begin(throughMs: number, isLast: boolean): readonly CountBatch[] {
    this.#source = this.#makeSource();
    this.#sequence = 0;
    this.#throughMs = 0;
    return this.#cutTo(throughMs, isLast);
  }

  #cutTo(throughMs: number, isLast: boolean): readonly CountBatch[] {
    const counts: readonly BinCount[] = [...this.#waiting.values()];
    this.#waiting.clear();
    const batches: CountBatch[] = [];
    for (let at = 0; at === 0 || at < counts.length; at += this.#mostPerBatch) {
      const isEnd = at + this.#mostPerBatch >= counts.length;
      this.#sequence += 1;
      batches.push({
        source: this.#source,
        sequence: this.#sequence,
        // Not before all of it is told.
        throughMs: isEnd ? throughMs : this.#throughMs,
        counts: counts.slice(at, at + this.#mostPerBatch),
        ...(isEnd && isLast && { last: true }),
      });
    }
    this.#throughMs = throughMs;
    return batches;
  }

  #add(count: BinCount): void {
    const key = `${count.binMs}\n${seriesKey(count)}`;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) waiting.count += count.count;
    else if (count.event === 'uncounted' || this.#waiting.size < this.#mostWaiting)
      this.#waiting.set(key, { ...count });
    else this.#add({ ...uncounted(count), binMs: count.binMs, count: count.count });
  }
}
