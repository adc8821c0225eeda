import type { Change, ChangeState } from '../../change.ts';
import { dueAtMs } from '../conditions/due-time.ts';
import { differencesOf } from '../notices/diff-lines.ts';
import { alteredObjects } from '../notices/diff-objects.ts';
import { whatText } from '../notices/render-what.ts';
import { keyOf } from '../prepare-edits.ts';
import { chainState } from './chain-state.ts';
import type { Moment } from './desk.ts';
import { explainChange } from './explain-change.ts';
import { type ChangeFacts, factsOf } from './facts-of.ts';
import type { Chain } from './find-chain.ts';
import { type Standing, standingOf } from './standing-of.ts';
import { isOpen } from './transitions.ts';
import { bodyAfter } from './work-out.ts';

/** One step of a chain, with what is true of it now. */
export interface ExplainedStep {
  readonly change: Change;
  /** What it does to what the step before leaves, in a few words. */
  readonly what: string;
  /** Absent where it is over. */
  readonly facts?: ChangeFacts;
  /** The earliest moment at which it can be enacted, if each step before is as early as it can; absent where that cannot be said. */
  readonly earliestAtMs?: number;
}

/** A chain, with where it is. */
export interface ExplainedChain {
  readonly chain: Chain;
  readonly state: ChangeState;
  readonly steps: readonly ExplainedStep[];
  /** The step that comes next, counted from 1; absent where all are over. */
  readonly current?: number;
  /** What keeps that from being enacted. */
  readonly waitsFor: readonly string[];
  /** When it is expected to be enacted. */
  readonly expectedAtMs?: number;
  /** How everything that it alters stays if nothing more of it is enacted. */
  readonly ifStopped: readonly Standing[];
}

/** Explains a chain to people. */
export async function explainChain(moment: Moment, chain: Chain): Promise<ExplainedChain> {
  const next = chain.steps.find(({ state }) => isOpen(state));
  const why = next === undefined ? undefined : await explainChange(moment, next);
  const whats = await whatsOf(moment, chain);
  const earliest = earliestOf(moment, chain, why?.expectedAtMs);
  const steps: ExplainedStep[] = [];
  for (const [i, change] of chain.steps.entries()) {
    const facts = change === next ? why?.facts : isOpen(change.state) ? await factsOf(moment, change) : undefined;
    const earliestAtMs = earliest.get(change.id);
    steps.push({
      change,
      what: whats[i] ?? '',
      ...(facts !== undefined && { facts }),
      ...(earliestAtMs !== undefined && { earliestAtMs }),
    });
  }
  return {
    chain,
    state: chainState(chain),
    steps,
    ...(next?.chain !== undefined && { current: next.chain.step }),
    waitsFor: why?.waitsFor ?? [],
    ...(why?.expectedAtMs !== undefined && { expectedAtMs: why.expectedAtMs }),
    ifStopped: await standingOf(moment, chain),
  };
}

/** Of what is not enacted: upon what the steps before it are going to leave. */
async function whatsOf(moment: Moment, { steps }: Chain): Promise<readonly string[]> {
  const { tx, current } = moment;
  const bodies = new Map<string, unknown>();
  const whats: string[] = [];
  for (const change of steps) {
    if (change.state === 'enacted') {
      whats.push(whatText(change, differencesOf(await alteredObjects(moment, change))));
      continue;
    }
    const objects = [];
    for (const edit of change.edits) {
      const { kind, name } = edit;
      const key = keyOf(kind, name);
      const object = current.get(kind, name);
      const now = object === undefined ? undefined : await tx.bodyOf(kind, name, object.version);
      const before = bodies.has(key) ? bodies.get(key) : now;
      const after = bodyAfter(edit, before);
      bodies.set(key, after);
      objects.push({ kind, name, before, after });
    }
    whats.push(whatText(change, differencesOf(objects)));
  }
  return whats;
}

function earliestOf(
  { nowMs }: Moment,
  { steps }: Chain,
  expectedAtMs: number | undefined,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let before: { readonly id: number; readonly sinceMs: number } | undefined;
  for (const { id, state, end, condition, conflicts } of steps) {
    if (state === 'enacted' && end !== undefined) {
      before = { id, sinceMs: end.atMs };
      continue;
    }
    if (!isOpen(state) || conflicts.length > 0) break;
    const behind = before;
    const dueMs = dueAtMs(condition, Math.max(nowMs, behind?.sinceMs ?? 0), (other) =>
      other === behind?.id ? { state: 'enacted', sinceMs: behind.sinceMs } : undefined,
    );
    if (dueMs === undefined) break;
    // Of the one that comes next more may be known than times say.
    const atMs = found.size === 0 ? Math.max(dueMs, expectedAtMs ?? 0) : dueMs;
    found.set(id, atMs);
    before = { id, sinceMs: atMs };
  }
  return found;
}
