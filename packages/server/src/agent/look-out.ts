import { leavesOf, type SignalCondition } from 'sluice';
import { dueAtMs, isPast } from '../app/conditions/due-time.ts';
import { judgeCondition } from '../app/conditions/judge-condition.ts';
import { signalKey } from '../app/conditions/signal-key.ts';
import type { Judgement, Known } from '../judgement.ts';
import type { StateOfChange, WatchedChange } from './agent-api.ts';

/** A change that is to be enacted now, as far as the agent can tell. */
export interface Candidate {
  readonly change: WatchedChange;
  /** By which they are put in order, with the priority and the id. */
  readonly dueAtMs: number;
  /** Since when it could have been enacted; lateness is measured from here. */
  readonly readyAtMs: number;
  /** Whether it waits for signals or other changes: people are told when that comes true. */
  readonly isWatched: boolean;
}

export interface LookOutOptions {
  readonly nowMs: () => number;
  readonly stateOf: (id: number) => StateOfChange | undefined;
  readonly readings: Known['readings'];
  readonly everyMs: Known['everyMs'];
  readonly forecast?: Known['forecast'];
  readonly onJudged: (truth: Judgement['truth']) => void;
}

/** A change that is expected to come true at a moment. */
export interface Expected {
  readonly id: number;
  readonly expectedAtMs: number;
}

/** How long a change is left alone that waits for nothing that shows. */
const usualMs = 60_000;
const usualWithSignalsMs = 10_000;

/** Where a change stands. */
interface Entry {
  readonly change: WatchedChange;
  readonly hasSignals: boolean;
  /** Whether it waits for signals or other changes. */
  readonly isWatched: boolean;
  readonly hasApprovals: boolean;
  /** Not judged before. */
  lookAtMs: number;
  /** Not acted upon before, whatever it is judged to be. */
  heldUntilMs: number;
  /** Whether the server has said what it waits for, which is for people to do. */
  isRefused: boolean;
  /** The same, unless something new is learnt. */
  doubtedUntilMs: number;
  candidate: Candidate | undefined;
  expectedAtMs: number | undefined;
}

/** Keeps watch over many changes, and judges each only when it may have come to be something else. */
export class LookOut {
  readonly #options: LookOutOptions;
  readonly #entries = new Map<number, Entry>();
  readonly #bySignal = new Map<string, Set<number>>();
  readonly #byChange = new Map<number, Set<number>>();

  constructor(options: LookOutOptions) {
    this.#options = options;
  }

  /** Begins to watch a change, or the new version of one. */
  put(change: WatchedChange): void {
    this.remove(change.id);
    const leaves = leavesOf(change.condition);
    if (leaves.every((leaf) => 'now' in leaf || 'approval' in leaf)) return;
    for (const leaf of leaves) {
      if ('signal' in leaf) index(this.#bySignal, signalKey(leaf.signal), change.id);
      if ('change' in leaf) index(this.#byChange, leaf.change.id, change.id);
    }
    this.#entries.set(change.id, {
      change,
      hasSignals: leaves.some((leaf) => 'signal' in leaf),
      isWatched: leaves.some((leaf) => 'signal' in leaf || 'change' in leaf),
      hasApprovals: leaves.some((leaf) => 'approval' in leaf),
      lookAtMs: change.isInConflict ? Number.POSITIVE_INFINITY : 0,
      heldUntilMs: 0,
      isRefused: false,
      doubtedUntilMs: 0,
      candidate: undefined,
      expectedAtMs: undefined,
    });
  }

  remove(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    for (const leaf of leavesOf(entry.change.condition)) {
      if ('signal' in leaf) unindex(this.#bySignal, signalKey(leaf.signal), id);
      if ('change' in leaf) unindex(this.#byChange, leaf.change.id, id);
    }
  }

  /** Every comparison of a signal that there is. */
  *comparisons(): Generator<{ readonly condition: SignalCondition; readonly sinceMs: number }> {
    for (const { change, hasSignals } of this.#entries.values()) {
      if (!hasSignals || change.isInConflict) continue;
      for (const leaf of leavesOf(change.condition)) {
        if ('signal' in leaf) yield { condition: leaf.signal, sinceMs: change.sinceMs };
      }
    }
  }

  /** Has what waits for these judged anew. */
  wake({
    signals = [],
    changes = [],
  }: {
    readonly signals?: Iterable<string>;
    readonly changes?: Iterable<number>;
  }): void {
    const woken = [
      ...[...signals].map((key) => this.#bySignal.get(key)),
      ...[...changes].map((id) => this.#byChange.get(id)),
    ];
    for (const ids of woken) {
      for (const id of ids ?? []) {
        const entry = this.#entries.get(id);
        if (entry === undefined || entry.change.isInConflict) continue;
        entry.lookAtMs = 0;
        entry.doubtedUntilMs = 0;
        entry.isRefused = false;
      }
    }
  }

  /** Leaves a change alone until then, unless it is altered. */
  hold(id: number, untilMs: number, isRefused = false): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.heldUntilMs = untilMs;
    entry.isRefused = isRefused;
  }

  /** Has a change judged anew, and leaves it alone until then. */
  doubt(id: number, untilMs: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.lookAtMs = Math.min(entry.lookAtMs, untilMs);
    entry.doubtedUntilMs = untilMs;
    entry.isRefused = true;
  }

  /** Has everything judged anew, as the clock was set back: moments of before may be far away now. */
  beginAnew(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.change.isInConflict) entry.lookAtMs = 0;
      entry.heldUntilMs = 0;
      entry.doubtedUntilMs = 0;
    }
  }

  /** Judges what is to be judged. Answers what is to be enacted, in its order. */
  candidates(): readonly Candidate[] {
    const nowMs = this.#options.nowMs();
    const found: Candidate[] = [];
    for (const entry of this.#entries.values()) {
      if (nowMs >= entry.lookAtMs) this.#judge(entry, nowMs);
      if (entry.candidate !== undefined && nowMs >= restsUntilMs(entry)) found.push(entry.candidate);
    }
    return found.sort(byOrder);
  }

  /** Since when the longest waits that could have been enacted, resting or not; not what the server refused. */
  oldestReadyAtMs(): number | undefined {
    let oldest: number | undefined;
    for (const { candidate, isRefused } of this.#entries.values()) {
      if (isRefused) continue;
      if (candidate !== undefined && candidate.readyAtMs < (oldest ?? Number.POSITIVE_INFINITY))
        oldest = candidate.readyAtMs;
    }
    return oldest;
  }

  /** How a change was judged last. */
  standing(id: number): 'ready' | 'waits' | 'gone' {
    const entry = this.#entries.get(id);
    if (entry === undefined) return 'gone';
    return entry.candidate === undefined ? 'waits' : 'ready';
  }

  /** Those that wait for signals or other changes and are expected to come true by then. */
  expectedBy(untilMs: number): readonly Expected[] {
    return [...this.#entries.values()].flatMap(({ change, isWatched, expectedAtMs }) =>
      isWatched && expectedAtMs !== undefined && expectedAtMs <= untilMs ? [{ id: change.id, expectedAtMs }] : [],
    );
  }

  /** When there is next something to judge or to act upon. */
  nextMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) {
      const { lookAtMs, candidate } = entry;
      const mine = candidate === undefined ? lookAtMs : Math.min(lookAtMs, restsUntilMs(entry));
      if (mine < next) next = mine;
    }
    return next;
  }

  #judge(entry: Entry, nowMs: number): void {
    const { change, hasSignals, candidate: before } = entry;
    const { truth, expectedAtMs } = this.#judgement(entry, nowMs);
    this.#options.onJudged(truth);
    const dueMs = dueAtMs(change.condition, nowMs, this.#options.stateOf);
    // What is past is asked for too: the server says that it has failed, and nobody waits for it any more.
    const isReady = truth === 'true' || (dueMs === undefined && isPast(change.condition, nowMs));
    entry.candidate = isReady ? (before ?? this.#candidateOf(entry, nowMs)) : undefined;
    // What holds one that had come true holds it no more when it does so again.
    if (!isReady && before !== undefined) entry.heldUntilMs = 0;
    entry.expectedAtMs = truth === 'true' ? undefined : expectedAtMs;
    const usual = nowMs + (hasSignals ? usualWithSignalsMs : usualMs);
    entry.lookAtMs = Math.min(usual, ...later(nowMs, [expectedAtMs, dueMs]));
  }

  #candidateOf({ change, isWatched, expectedAtMs }: Entry, nowMs: number): Candidate {
    const due = dueAtMs(change.condition, change.sinceMs, this.#options.stateOf) ?? 0;
    // What waits for others could be enacted when it was last expected to come true, or else since now.
    const readyAtMs = isWatched ? (expectedAtMs ?? nowMs) : Math.max(due, change.updatedAtMs);
    return { change, dueAtMs: due, readyAtMs: Math.min(readyAtMs, nowMs), isWatched };
  }

  #judgement({ change, hasApprovals }: Entry, nowMs: number): Judgement {
    const { stateOf, readings, everyMs, forecast } = this.#options;
    const judge = (approvals: number): Judgement =>
      judgeCondition(change.condition, {
        nowMs,
        sinceMs: change.sinceMs,
        approvals: () => approvals,
        change: stateOf,
        readings,
        everyMs,
        ...(forecast !== undefined && { forecast }),
      });
    // Who has signed is for the server to say: what could be true with or without them is worth asking.
    const judged = judge(Number.POSITIVE_INFINITY);
    if (judged.truth === 'true' || !hasApprovals) return judged;
    const without = judge(0);
    return without.truth === 'true' ? without : judged;
  }
}

function restsUntilMs({ heldUntilMs, doubtedUntilMs }: Entry): number {
  return Math.max(heldUntilMs, doubtedUntilMs);
}

function byOrder(a: Candidate, b: Candidate): number {
  return a.dueAtMs - b.dueAtMs || b.change.priority - a.change.priority || a.change.id - b.change.id;
}

function later(nowMs: number, moments: readonly (number | undefined)[]): readonly number[] {
  return moments.filter((moment): moment is number => moment !== undefined && moment > nowMs);
}

function index<K>(map: Map<K, Set<number>>, key: K, id: number): void {
  const ids = map.get(key) ?? new Set();
  map.set(key, ids.add(id));
}

function unindex<K>(map: Map<K, Set<number>>, key: K, id: number): void {
  const ids = map.get(key);
  ids?.delete(id);
  if (ids?.size === 0) map.delete(key);
}
