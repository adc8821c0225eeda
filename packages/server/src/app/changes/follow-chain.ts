import { briefText } from '../../brief-text.ts';
import type { Change } from '../../change.ts';
import { dueAtMs } from '../conditions/due-time.ts';
import { planNotices } from '../notices/plan-notices.ts';
import type { Desk } from './desk.ts';
import { keepChange } from './keep-change.ts';
import { stateAfter } from './transitions.ts';

/**
 * Does what follows for the later steps of its chain from what became of a change. After an enactment it is known when the next
 * one is due. After a veto or a failure none can ever be enacted, and all end with it.
 */
export async function followChain(desk: Desk, change: Change): Promise<void> {
  const { chain, state } = change;
  if (chain === undefined) return;
  if (state === 'enacted') return setDue(desk, change);
  if (state !== 'vetoed' && state !== 'failed') return;
  for (const step of await laterSteps(desk, change)) await endWith(desk, step, change, state);
}

async function laterSteps({ tx }: Desk, { id, chain }: Change): Promise<readonly Change[]> {
  const steps: Change[] = [];
  for (let other = id + 1; chain !== undefined && other < chain.id + chain.of; other += 1) {
    const step = await tx.change(other);
    if (step !== undefined) steps.push(step);
  }
  return steps;
}

/**
 * The next step may wait for some time after this one, and until now nobody could know from when on. It is the one that people
 * are told of now.
 */
async function setDue(desk: Desk, { id, chain, end }: Change): Promise<void> {
  const { tx, nowMs } = desk;
  if (chain === undefined || chain.step === chain.of || end === undefined) return;
  const next = await tx.change(id + 1);
  if (next?.state !== 'pending') return;
  const enacted = { state: 'enacted', sinceMs: end.atMs } as const;
  const due = dueAtMs(next.condition, nowMs, (other) => (other === id ? enacted : undefined));
  if (due === undefined || due === next.dueAtMs) return planNotices(desk, next);
  await keepChange(desk, { ...next, dueAtMs: due, version: next.version + 1, updatedAtMs: nowMs });
  const detail = { by: id, dueAt: new Date(due).toISOString() };
  await tx.append({ atMs: nowMs, actor: 'system', action: 'change.due-set', change: next.id, detail });
}

async function endWith(
  desk: Desk,
  step: Change,
  { id, chain, end }: Change,
  state: 'vetoed' | 'failed',
): Promise<void> {
  const { tx, nowMs } = desk;
  if (chain === undefined || end === undefined) return;
  if (stateAfter(state === 'vetoed' ? 'veto' : 'fail', step.state) === undefined) return;
  const became = state === 'vetoed' ? 'was vetoed' : 'failed';
  const reason = briefText(`step ${chain.step} of chain ${chain.id} ${became}: ${end.reason}`, 2000);
  const ended: Change = {
    ...step,
    state,
    version: step.version + 1,
    updatedAtMs: nowMs,
    end: { by: end.by, atMs: nowMs, reason },
  };
  await keepChange(desk, ended);
  const why = state === 'vetoed' ? { reason } : { problem: 'change-not-due', detail: reason, mistakes: [] };
  const detail = { ...why, by: id };
  await tx.append({ atMs: nowMs, actor: end.by, action: `change.${state}`, change: step.id, detail });
}
