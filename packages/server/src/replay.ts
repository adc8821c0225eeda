/** The answer to a request that named itself with an idempotency key. */
export interface Replay {
  /** Who asked (`principalText`). */
  readonly principal: string;
  readonly key: string;
  /** SHA-256 of the request, in hex: the same key for something else is a mistake. */
  readonly request: string;
  readonly atMs: number;
  readonly status: number;
  readonly body: string;
}
