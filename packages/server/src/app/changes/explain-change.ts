import type { AuditEntry } from '../../audit.ts';
import type { Change } from '../../change.ts';
import type { Claim } from '../../claim.ts';
import { waitingLeaves } from '../conditions/waiting-leaves.ts';
import type { NoticeStanding } from '../notices/notice-standing.ts';
import { noticeStateOf } from '../notices/notice-state-of.ts';
import type { Moment } from './desk.ts';
import { expectedOvershoot, type Overshoot } from './expected-overshoot.ts';
import { type ChangeFacts, factsOf } from './facts-of.ts';
import { touchedObjects } from './touched-objects.ts';
import { isOpen } from './transitions.ts';

/** Why a change has not been enacted yet, or what became of it. */
export interface ExplainedChange {
  readonly change: Change;
  /** What is true of it now, while it is open. */
  readonly facts?: ChangeFacts;
  /** What keeps it from being enacted, each in a sentence; empty where nothing does. */
  readonly waitsFor: readonly string[];
  /** When it is expected to be enacted, should people have signed by then; absent where that cannot be said. */
  readonly expectedAtMs?: number;
  readonly notices?: NoticeStanding;
  readonly attempts?: Claim;
  readonly overshoot?: Overshoot;
  /** The entry of the audit log that ended it: with what it rested on. */
  readonly ended?: AuditEntry;
}

/** Explains a change to people. */
export async function explainChange(moment: Moment, change: Change): Promise<ExplainedChange> {
  const { tx } = moment;
  if (!isOpen(change.state)) {
    const [ended] = await tx.audit({ change: change.id, action: `change.${change.state}`, limit: 1 });
    return { change, waitsFor: [], ...(ended !== undefined && { ended }) };
  }
  const facts = await factsOf(moment, change);
  const notices = await noticeStateOf(moment, change);
  const [claim] = await tx.claims([change.id]);
  const attempts = claim?.version === change.version && claim.trouble !== undefined ? claim : undefined;
  const overshoot = await expectedOvershoot(moment, change, await touchedObjects(moment, change));
  const expectedAtMs = expectedOf(facts, notices, moment.nowMs);
  return {
    change,
    facts,
    waitsFor: [...bars(change, facts), ...conditionsOf(change, facts), ...holds(facts, notices, moment.nowMs)],
    ...(expectedAtMs !== undefined && { expectedAtMs }),
    ...(notices !== undefined && { notices }),
    ...(attempts !== undefined && { attempts }),
    ...(overshoot !== undefined && { overshoot }),
  };
}

/** What people have to do. */
function bars({ state, conflicts }: Change, { isPast, required }: ChangeFacts): readonly string[] {
  return [
    ...(state === 'draft' ? ['it is a draft: somebody has to submit it'] : []),
    ...(isPast ? ['its time has passed: it cannot be enacted any more'] : []),
    ...conflicts.map(({ kind, name, paths, change: other }) => {
      const by = other === undefined ? 'somebody' : `change ${other}`;
      const parts = paths.filter((path) => path !== '').join(', ');
      return `in conflict: ${by} altered ${parts === '' ? '' : `${parts} of `}${kind} ${name} too`;
    }),
    ...required
      .filter(({ count, signedBy }) => signedBy.length < count)
      .map(({ role, count, signedBy, policies }) => {
        const left = count - signedBy.length;
        return `${left} of ${count} sign-offs as ${role} (policy ${policies.join(', ')})`;
      }),
  ];
}

function conditionsOf({ condition }: Change, { leaves }: ChangeFacts): readonly string[] {
  const judged = new Map(leaves.map((one) => [one.leaf, one]));
  const waiting = waitingLeaves(condition, (leaf) => judged.get(leaf)?.truth ?? 'unknown');
  return [...new Set(waiting)].flatMap((leaf) => judged.get(leaf)?.says ?? []);
}

/** What holds it though it is due. */
function holds({ freezes, truth }: ChangeFacts, notices: NoticeStanding | undefined, nowMs: number): readonly string[] {
  const isHeld = truth === 'true' && notices !== undefined && notices.state !== 'not-needed';
  const isOver = notices?.state === 'announced' && (notices.enactableAtMs ?? 0) <= nowMs;
  return [
    ...freezes.map(({ name, untilMs, reason }) => `freeze ${name} until ${new Date(untilMs).toISOString()}: ${reason}`),
    ...(isHeld && !isOver ? [notices.says] : []),
  ];
}

function expectedOf(
  { truth, isPast, expectedAtMs, freezes }: ChangeFacts,
  notices: NoticeStanding | undefined,
  nowMs: number,
): number | undefined {
  const trueAtMs = truth === 'true' ? nowMs : expectedAtMs;
  if (trueAtMs === undefined || isPast || notices?.state === 'held') return undefined;
  return Math.max(trueAtMs, notices?.enactableAtMs ?? 0, ...freezes.map(({ untilMs }) => untilMs));
}
