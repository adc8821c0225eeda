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

  function learn(found: readonly StateOfChange[], news: Set<number>): void {
    for (const one of found) {
      const before = states.get(one.id);
      if (before?.version === one.version && before.state === one.state) continue;
      states.set(one.id, one);
      news.add(one.id);
    }
  }

  async function loadWhole(startedMs: number): Promise<MirrorNews> {
    const found = await api.pending();
    const before = new Map(pending);
    const ids = new Set(found.map(({ id }) => id));
    const gone = [...pending.keys()].filter((id) => !ids.has(id));
    const altered = found.filter(({ id, version }) => before.get(id)?.version !== version);
    pending.clear();
    states.clear();
    asked.clear();
    for (const change of found) pending.set(change.id, change);
    wholeAtMs = startedMs;
    return { altered: altered.map(({ id }) => id), gone, states: [] };
  }

  async function loadNews(fromMs: number): Promise<MirrorNews> {
    const learnt = new Set<number>();
    const gone: number[] = [];
    const found = await api.statesSince(fromMs);
    learn(found, learnt);
    for (const { id, state } of found) if (state !== 'pending' && pending.delete(id)) gone.push(id);
    const isNew = ({ id, version, state }: StateOfChange) =>
      state === 'pending' && pending.get(id)?.version !== version;
    const altered: number[] = [];
    if (found.some(isNew)) {
      for (const change of await api.pending(fromMs)) {
        if ((pending.get(change.id)?.version ?? 0) >= change.version) continue;
        pending.set(change.id, change);
        altered.push(change.id);
      }
    }
    return { altered, gone, states: [...learnt] };
  }

  /** The states of the changes that others wait for. */
  async function loadAwaited(by: Iterable<number>): Promise<readonly number[]> {
    const wanted = new Set<number>();
    for (const waiting of by) {
      for (const leaf of leavesOf(pending.get(waiting)?.condition ?? { all: [] })) {
        if ('change' in leaf && !asked.has(leaf.change.id)) wanted.add(leaf.change.id);
      }
    }
    if (wanted.size === 0) return [];
    const learnt = new Set<number>();
    learn(await api.statesOf([...wanted]), learnt);
    for (const id of wanted) asked.add(id);
    return [...learnt];
  }

  return {
    pending,
    stateOf: (id) => states.get(id),
    async refresh() {
      const startedMs = nowMs();
      // A clock that was set back has everything loaded anew too.
      const isWhole = startedMs - wholeAtMs >= wholeEveryMs || startedMs < seenAtMs - overlapMs / 2;
      const news = await (isWhole ? loadWhole(startedMs) : loadNews(Math.min(seenAtMs, startedMs) - overlapMs));
      const awaited = await loadAwaited(isWhole ? pending.keys() : news.altered);
      seenAtMs = startedMs;
      return { ...news, states: [...news.states, ...awaited] };
    },
  };
}
