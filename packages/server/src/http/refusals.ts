/** Why a client was sent away. */
export type RefusalReason =
  /** More connections than the listener keeps. */
  | 'connections'
  /** More connections than one address may have. */
  | 'connections-per-address'
  /** More requests than one address may make. */
  | 'rate'
  /** Headers that are too long or too many. */
  | 'headers'
  /** A URL that is too long. */
  | 'url'
  /** A body that is too long, or for which there is no room. */
  | 'body'
  /** No HTTP. */
  | 'malformed'
  /** A request that took too long, or an answer that was not read. */
  | 'slow'
  /** A TLS handshake that failed or took too long. */
  | 'tls';

/** What was refused in the last while. */
export interface RefusalsTold {
  readonly counts: Readonly<Partial<Record<RefusalReason, number>>>;
  /** The addresses refused most often, and how often; only where addresses may be told. */
  readonly addresses?: Readonly<Record<string, number>>;
}

export interface RefusalsOptions {
  /** Hears of each. */
  readonly onEach?: ((reason: RefusalReason) => void) | undefined;
  /** Hears of all together from time to time, so that nobody can fill a log. */
  readonly onSome?: ((told: RefusalsTold) => void) | undefined;
  readonly withAddresses: boolean;
}

const mostAddresses = 1000;
const addressesTold = 10;

/** Counts who is sent away and why, and keeps addresses only where that is wanted. */
export class Refusals {
  readonly #options: RefusalsOptions;
  #counts = new Map<RefusalReason, number>();
  #addresses = new Map<string, number>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  /** @param address is asked for only where addresses may be told. */
  count(reason: RefusalReason, address: () => string | undefined): void {
    this.#options.onEach?.(reason);
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    if (!this.#options.withAddresses) return;
    const known = address();
    if (known === undefined || known === '') return;
    const before = this.#addresses.get(known);
    if (before !== undefined || this.#addresses.size < mostAddresses) this.#addresses.set(known, (before ?? 0) + 1);
  }

  /** Tells what has come together since the last time, if anything has. */
  tell(): void {
    if (this.#counts.size === 0) return;
    const counts = Object.fromEntries(this.#counts) as RefusalsTold['counts'];
    const most = [...this.#addresses].sort(([, a], [, b]) => b - a).slice(0, addressesTold);
    this.#counts = new Map();
    this.#addresses = new Map();
    this.#options.onSome?.(this.#options.withAddresses ? { counts, addresses: Object.fromEntries(most) } : { counts });
  }
}
