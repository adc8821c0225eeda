import type { Reading } from 'sluice';
import { followingReading } from '../app/readings/following-reading.ts';

/** So many readings of one signal are kept at most: of three days, where it is read every minute. */
const mostKept = 5000;

/** What is known of one signal, the oldest first. */
export class ReadingHistory {
  /** From when on it is complete. */
  readonly fromMs: number;
  #readings: readonly Reading[];

  constructor(fromMs: number, readings: readonly Reading[]) {
    this.fromMs = fromMs;
    this.#readings = readings.slice(-mostKept);
  }

  get readings(): readonly Reading[] {
    return this.#readings;
  }

  /** Answers whether it is news. */
  add({ asOfMs, value, note }: Reading): boolean {
    const newest = this.#readings.at(-1);
    const following = followingReading(newest, { asOfMs, ...(value !== undefined && { value }), note });
    if (following === undefined) return false;
    const before = following.asOfMs === newest?.asOfMs ? this.#readings.slice(0, -1) : this.#readings;
    this.#readings = [...before.slice(1 - mostKept), following];
    return true;
  }
}
