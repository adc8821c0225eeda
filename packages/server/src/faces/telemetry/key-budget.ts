import type { ClientKey } from 'sluice';
import type { CountEvent, CountSeries } from '../../count.ts';

/** Something that is to be counted, so many times. */
export interface Counted {
  readonly series: CountSeries;
  readonly count: number;
}

/** How many series reports with one key may begin in an hour: who makes up versions is not to take the places of those in the field. */
const mostSeries = 4000;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/** How much may still be reported with one key: of each event so much in a minute, and of all not too many series in an hour. */
export class KeyBudget {
  readonly #perMinute: number;
  readonly #left = new Map<CountEvent, { tokens: number; atMs: number }>();
  readonly #seen = new Set<string>();
  #seenSinceMs = Number.NEGATIVE_INFINITY;

  constructor({ perMinute }: Pick<ClientKey, 'perMinute'>) {
    this.#perMinute = perMinute;
  }

  /**
   * Takes all of it and answers 0, or takes nothing and answers for how many milliseconds that will be so: without end where
   * it is more than may be reported in a minute.
   */
  take(counted: readonly Counted[], nowMs: number): number {
    const wanted = new Map<CountEvent, number>();
    for (const { series, count } of counted) wanted.set(series.event, (wanted.get(series.event) ?? 0) + count);
    let waitMs = this.#waitForSeries(counted, nowMs);
    for (const [event, count] of wanted) {
      if (count > this.#perMinute) return Number.POSITIVE_INFINITY;
      const missing = count - this.#refill(event, nowMs).tokens;
      waitMs = Math.max(waitMs, (missing / this.#perMinute) * minuteMs);
    }
    // Sums of fractions are not exact.
    if (waitMs > 1e-6) return waitMs;
    for (const [event, count] of wanted) this.#refill(event, nowMs).tokens -= count;
    for (const { series } of counted) this.#seen.add(nameOf(series));
    return 0;
  }

  #refill(event: CountEvent, nowMs: number): { tokens: number; atMs: number } {
    const before = this.#left.get(event) ?? { tokens: this.#perMinute, atMs: nowMs };
    // A clock that is set back gives nothing, and takes nothing.
    const gained = (Math.max(0, nowMs - before.atMs) / minuteMs) * this.#perMinute;
    const left = { tokens: Math.min(this.#perMinute, before.tokens + gained), atMs: nowMs };
    this.#left.set(event, left);
    return left;
  }

  #waitForSeries(counted: readonly Counted[], nowMs: number): number {
    const sinceMs = nowMs - this.#seenSinceMs;
    if (sinceMs >= hourMs || sinceMs < 0) {
      this.#seen.clear();
      this.#seenSinceMs = nowMs;
    }
    const added = new Set(counted.map(({ series }) => nameOf(series)).filter((name) => !this.#seen.has(name)));
    return added.size === 0 || this.#seen.size + added.size <= mostSeries ? 0 : this.#seenSinceMs + hourMs - nowMs;
  }
}

function nameOf({ event, channel, version }: CountSeries): string {
  return `${event}\n${channel}\n${version}`;
}
