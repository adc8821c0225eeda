import { Problem } from '../problem.ts';
import type { AgentApi } from './agent-api.ts';
import type { Candidate, Expected, LookOut } from './look-out.ts';

export interface TellingOptions {
  readonly api: Pick<AgentApi, 'announce'>;
  readonly lookOut: Pick<LookOut, 'expectedBy' | 'standing'>;
  readonly nowMs: () => number;
  readonly onTrouble: (error: unknown) => void;
}

/** How far ahead people can be told of what is expected. */
const aheadMs = 32 * 86_400_000;
/** How often the server is asked to: the more often the sooner that is, so that no lead is missed by much. */
const every = { leastMs: 60_000, mostMs: 3_600_000, part: 1 / 48 } as const;
/** So many are told of in one go, so that nothing that is due waits for it. */
const mostAtOnce = 20;

/**
 * Has people told of changes that are not due: that they are expected to be, and that what had come true is not any more. In
 * the background, as nothing is enacted by it.
 */
export class Telling {
  readonly #options: TellingOptions;
  /** When the server was last asked about what is expected. */
  readonly #askedAtMs = new Map<number, number>();
  /** What had come true. */
  readonly #crossed = new Set<number>();
  #running: Promise<void> | undefined;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** Begins to tell, after a look that found these. */
  tell(candidates: readonly Candidate[]): void {
    for (const { change, isWatched } of candidates) if (isWatched) this.#crossed.add(change.id);
    this.#running ??= this.#tellSome().finally(() => {
      this.#running = undefined;
    });
  }

  async #tellSome(): Promise<void> {
    const { api, onTrouble } = this.#options;
    for (const id of this.#due()) {
      try {
        await api.announce(id);
      } catch (error) {
        // It may be over since.
        if (error instanceof Problem && error.code.startsWith('change-')) continue;
        onTrouble(error);
        return;
      }
    }
  }

  #due(): readonly number[] {
    const { lookOut, nowMs } = this.#options;
    const atMs = nowMs();
    const fallen: number[] = [];
    for (const id of this.#crossed) {
      const standing = lookOut.standing(id);
      if (standing === 'ready') continue;
      this.#crossed.delete(id);
      if (standing === 'waits') fallen.push(id);
    }
    const expected = lookOut.expectedBy(atMs + aheadMs);
    const isExpected = new Set(expected.map(({ id }) => id));
    for (const id of this.#askedAtMs.keys()) if (!isExpected.has(id)) this.#askedAtMs.delete(id);
    const isTime = ({ id, expectedAtMs }: Expected): boolean =>
      Math.abs(atMs - (this.#askedAtMs.get(id) ?? 0)) >= everyMs(expectedAtMs - atMs);
    const due = expected.filter(isTime).slice(0, mostAtOnce);
    for (const { id } of due) this.#askedAtMs.set(id, atMs);
    return [...fallen, ...due.map(({ id }) => id)];
  }
}

function everyMs(leftMs: number): number {
  return Math.min(every.mostMs, Math.max(every.leastMs, leftMs * every.part));
}
