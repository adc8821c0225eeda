import { type BackoffRange, backoffMs } from '../backoff.ts';
import { Problem } from '../problem.ts';
import { noMark } from '../snapshot/manifest.ts';
import type { Source } from '../source.ts';
import type { Mark, StoreChanges } from '../store.ts';
import type { Assembly } from './assemble-snapshot.ts';

/** A node that keeps up with its source. */
export interface Following {
  /** What went wrong when the source was last asked, while it is so. */
  trouble(): unknown;
  /** Why the newest commit is not served although the source can be reached. */
  fault(): Problem | undefined;
  /** When what is served was last known to be the newest, in milliseconds since 1970; 0 for never. */
  upToDateAtMs(): number;
  /** Has everything fetched anew at the next look: something of it was lost. */
  refetch(): void;
  stop(): Promise<void>;
}

export interface FollowOptions {
  readonly assembly: Assembly;
  /** How often the source is asked, in milliseconds; after a hint it is asked at once. */
  readonly everyMs: number;
  readonly nowMs: () => number;
  /** A clock that nobody sets, in milliseconds. */
  readonly elapsedMs?: () => number;
  /** A number from 0 to 1, drawn anew, that spreads the attempts of many nodes. */
  readonly spread: () => number;
  /** Called with what was taken over, after it was. */
  readonly onChanges: (changes: StoreChanges) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly onFault: (fault: Problem) => void;
}

/** How long at most a source that fails is left alone. */
const mostPauseMs = 2000;

/**
 * Looks once, and then keeps up with the commits, whoever makes them. While the source is in trouble, or has what cannot
 * be served, the last snapshot goes on answering.
 *
 * @throws whatever the first look throws, when nothing was assembled before
 */
export async function followSource(source: Source, options: FollowOptions): Promise<Following> {
  const {
    assembly,
    everyMs,
    nowMs,
    elapsedMs = () => performance.now(),
    spread,
    onChanges,
    onTrouble,
    onFault,
  } = options;
  const range: BackoffRange = { leastMs: everyMs, mostMs: Math.max(everyMs, mostPauseMs) };
  let trouble: unknown;
  let failures = 0;
  let fault: { readonly mark: Mark; readonly wish: number; readonly problem: Problem } | undefined;
  let upToDateAtMs = 0;
  // How often everything was to be fetched anew, and up to which of these wishes it was.
  let wanted = 0;
  let fetched = 0;
  let refetchedAtMs = Number.NEGATIVE_INFINITY;

  const catchUp = async (): Promise<void> => {
    const newest = await source.newest();
    const current = assembly.assembled()?.mark;
    const wish = wanted;
    const isWhole = wish !== fetched;
    if (!isWhole && current !== undefined && isSame(newest, current)) {
      fault = undefined;
      upToDateAtMs = nowMs();
      return;
    }
    // What cannot be served is not fetched again: only another commit can mend it. What was lost beside it may come back.
    const isKnown = fault !== undefined && isSame(newest, fault.mark);
    if (isKnown && fault?.wish === wish) return;
    try {
      // A mark that nobody has makes the source tell everything.
      const changes = await source.changesSince(isWhole ? nowhere : (current ?? noMark));
      adopt(assembly, changes);
      fetched = wish;
      fault = undefined;
      upToDateAtMs = nowMs();
      onChanges(changes);
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'invalid-object')) throw error;
      fault = { mark: newest, wish, problem: error };
      if (current === undefined) throw error;
      if (!isKnown) onFault(error);
    }
  };
  const look = async (): Promise<void> => {
    try {
      await catchUp();
      trouble = undefined;
      failures = 0;
    } catch (error) {
      if (trouble === undefined) onTrouble(error);
      trouble = error;
      failures += 1;
    }
  };

  let stopped = false;
  let hinted = false;
  let wake = (): void => {};
  const unwatch = source.watch(() => {
    // Also while it looks: what it asked before the hint may be outdated.
    hinted = true;
    wake();
  });
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const dueMs = failures > 0 ? backoffMs(failures, spread, range) : everyMs;
      const timer = setTimeout(resolve, hinted ? 0 : dueMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const follow = async (): Promise<void> => {
    while (!stopped) {
      await rest();
      hinted = false;
      if (!stopped) await look();
    }
  };

  try {
    if (assembly.assembled() === undefined) await catchUp();
  } catch (error) {
    unwatch();
    throw error;
  }
  const firstLook = upToDateAtMs === 0 ? look() : Promise.resolve();
  const following = firstLook.then(follow);
  // What is served from the disk may be old; a source that answers at once is waited for.
  await Promise.race([firstLook, new Promise((resolve) => setTimeout(resolve, firstLookMs).unref())]);

  return {
    trouble: () => trouble,
    fault: () => fault?.problem,
    upToDateAtMs: () => upToDateAtMs,
    refetch() {
      if (elapsedMs() - refetchedAtMs < refetchMs) return;
      refetchedAtMs = elapsedMs();
      wanted += 1;
      // Also while it looks: what it fetches may be from before.
      hinted = true;
      wake();
    },
    stop: async () => {
      stopped = true;
      unwatch();
      wake();
      await following;
    },
  };
}

/** How often at most everything is fetched anew, in milliseconds. */
const refetchMs = 10_000;

/** How long a node that has something to answer from waits for its source before it does, in milliseconds. */
const firstLookMs = 1000;
const nowhere: Mark = { revision: 0, commit: 'none' };

function isSame(a: Mark, b: Mark): boolean {
  return a.revision === b.revision && a.commit === b.commit;
}

/** @throws Problem `invalid-object`, whatever it was that cannot be compiled. */
function adopt(assembly: Assembly, changes: StoreChanges): void {
  try {
    assembly.adopt(changes);
  } catch (cause) {
    if (cause instanceof Problem && cause.code === 'invalid-object') throw cause;
    const reason = cause instanceof Problem ? cause.detail : String(cause);
    throw new Problem('invalid-object', `revision ${changes.mark.revision}: ${reason}`, [], { cause });
  }
}
