import { leavesOf } from 'sluice';
import type { AgentApi, StateOfChange, WatchedChange } from './agent-api.ts';

/** The pending changes of a server, and the states of those that they wait for, as they were when last asked. */
export interface Mirror {
  readonly pending: ReadonlyMap<number, WatchedChange>;
  stateOf(id: number): StateOfChange | undefined;
  /** Asks what is new. Answers the changes that are new, altered or gone, and those of whose state something was learnt. */
  refresh(): Promise<MirrorNews>;
}

export interface MirrorNews {
  readonly altered: readonly number[];
  readonly gone: readonly number[];
  readonly states: readonly number[];
}

/** Everything is loaded anew so often, in case something was missed. */
const wholeEveryMs = 600_000;
/** How far the clocks of the server's nodes may be apart. */
const overlapMs = 60_000;

export function openMirror(api: Pick<AgentApi, 'pending' | 'statesSince' | 'statesOf'>, nowMs: () => number): Mirror {
  const pending = new Map<number, WatchedChange>();
  const states = new Map<number, StateOfChange>();
  /** Asked for once, whatever came of it. */
  const asked = new Set<number>();
  let wholeAtMs = Number.NEGATIVE_INFINITY;
  let seenAtMs = 0;
  /** Not answered yet: an attempt to learn more may fail in the middle, and what was learnt by then is to be told all the same. */
  let news = noNews();

  function learn(found: readonly StateOfChange[]): void {
    for (const one of found) {
      const before = states.get(one.id);
      if (before?.version === one.version && before.state === one.state) continue;
      states.set(one.id, one);
      news.states.add(one.id);
    }
  }

  function put(change: WatchedChange): void {
    pending.set(change.id, change);
    news.altered.add(change.id);
    news.gone.delete(change.id);
  }

  function remove(id: number): void {
    if (!pending.delete(id)) return;
    news.gone.add(id);
    news.altered.delete(id);
  }

  async function loadWhole(): Promise<void> {
    const found = await api.pending();
    const ids = new Set(found.map(({ id }) => id));
    for (const id of [...pending.keys()]) if (!ids.has(id)) remove(id);
    for (const change of found) if (pending.get(change.id)?.version !== change.version) put(change);
    states.clear();
    asked.clear();
  }

  async function loadNews(fromMs: number): Promise<void> {
    const found = await api.statesSince(fromMs);
    learn(found);
    for (const { id, state } of found) if (state !== 'pending') remove(id);
    const isNew = ({ id, version, state }: StateOfChange) =>
      state === 'pending' && pending.get(id)?.version !== version;
    if (!found.some(isNew)) return;
    for (const change of await api.pending(fromMs))
      if ((pending.get(change.id)?.version ?? 0) < change.version) put(change);
  }

  /** The states of the changes that others wait for. */
  async function loadAwaited(by: Iterable<number>): Promise<void> {
    const wanted = new Set<number>();
    for (const waiting of by) {
      for (const leaf of leavesOf(pending.get(waiting)?.condition ?? { all: [] })) {
        if ('change' in leaf && !asked.has(leaf.change.id)) wanted.add(leaf.change.id);
      }
    }
    if (wanted.size === 0) return;
    learn(await api.statesOf([...wanted]));
    for (const id of wanted) asked.add(id);
  }

  return {
    pending,
    stateOf: (id) => states.get(id),
    async refresh() {
      const startedMs = nowMs();
      // A clock that was set back has everything loaded anew too.
      const isWhole = startedMs - wholeAtMs >= wholeEveryMs || startedMs < seenAtMs - overlapMs / 2;
      await (isWhole ? loadWhole() : loadNews(Math.min(seenAtMs, startedMs) - overlapMs));
      await loadAwaited(isWhole ? pending.keys() : news.altered);
      if (isWhole) wholeAtMs = startedMs;
      seenAtMs = startedMs;
      const { altered, gone, states: learnt } = news;
      news = noNews();
      return { altered: [...altered], gone: [...gone], states: [...learnt] };
    },
  };
}

function noNews() {
  return { altered: new Set<number>(), gone: new Set<number>(), states: new Set<number>() };
}
