import { LRUCache } from 'lru-cache';

export interface RateLimitOptions {
  /** Requests per second that each key may make on end. */
  readonly perSecond: number;
  /** Requests that a key which was quiet may make at once. */
  readonly burst: number;
  /** How many keys are remembered; the one that was quiet longest is forgotten first, and starts anew. */
  readonly mostKeys?: number;
}

/**
 * A bucket of `burst` tokens for each key that fills at `perSecond`, kept as one number: when the key will have made up
 * for all it took. Source: the generic cell rate algorithm, ITU-T I.371.
 */
export class RateLimit {
  readonly #everyMs: number;
  readonly #aheadMs: number;
  readonly #evenAtMs: LRUCache<string, number>;

  constructor({ perSecond, burst, mostKeys = 50_000 }: RateLimitOptions) {
    this.#everyMs = 1000 / perSecond;
    this.#aheadMs = (burst - 1) * this.#everyMs;
    this.#evenAtMs = new LRUCache({ max: mostKeys });
  }

  /** Takes a token and answers 0, or answers how many milliseconds there will be none. */
  take(key: string, nowMs: number): number {
    const waitMs = this.waitMs(key, nowMs);
    if (waitMs === 0) this.#evenAtMs.set(key, this.#evenFrom(key, nowMs) + this.#everyMs);
    return waitMs;
  }

  /** How many milliseconds there will be no token; 0 where there is one. */
  waitMs(key: string, nowMs: number): number {
    const waitMs = this.#evenFrom(key, nowMs) - nowMs - this.#aheadMs;
    // Sums of fractions of milliseconds are not exact.
    return waitMs > 1e-6 ? waitMs : 0;
  }

  #evenFrom(key: string, nowMs: number): number {
    return Math.max(this.#evenAtMs.get(key) ?? 0, nowMs);
  }
}
