import { type Condition, leavesOf } from 'sluice';
import type { ChainStep, Change, ChangeEdit } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem, problemOf } from '../../problem.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { dueOf } from '../conditions/due-time.ts';
import { placesOf } from '../history/places-of.ts';
import type { Acted } from './acted.ts';
import { changeReaches } from './change-reaches.ts';
import { conditionMistakes } from './condition-mistakes.ts';
import type { Desk } from './desk.ts';
import { enactIfReady } from './enact-change.ts';
import { lacking } from './lacking.ts';
import { leadsTo } from './leads-to.ts';
import { overlappingChanges } from './overlapping-changes.ts';
import { refuseRead } from './refuse-read.ts';
import { isSigned, type RoleState, requirementsOf } from './requirements.ts';
import { toldEdit } from './told-edit.ts';
import { isOpen } from './transitions.ts';
import { type WorkedOut, workOut } from './work-out.ts';

/** What somebody wants altered, when, and why. */
export interface Proposal {
  readonly reason: string;
  readonly edits: readonly ChangeEdit[];
  readonly condition: Condition;
  readonly priority: number;
  /** Whether it is only written down, for nobody to sign yet. */
  readonly draft: boolean;
  readonly reverts?: number;
  readonly acceptsDoubts?: true | undefined;
}

/**
 * Writes down a change. One whose condition is "now" and which needs no sign-off is enacted in the same transaction.
 * @param known what its edits come to, where that was worked out at this desk already
 * @throws Problem `not-allowed`, `version-conflict`, and whatever is wrong with the edits.
 */
export async function proposeChange(desk: Desk, proposal: Proposal, known?: WorkedOut): Promise<Acted> {
  const { change, worked } = await newChange(desk, proposal, { known });
  const acted = await enactIfReady(desk, change, worked);
  if (!isOpen(acted.change.state)) return acted;
  return { ...acted, warnings: [...acted.warnings, ...(await overlappingChanges(desk, change))] };
}

export interface NewChangeOptions {
  readonly known?: WorkedOut | undefined;
  /** The step of a chain that it is, by its id. */
  readonly stepOf?: (id: number) => ChainStep;
}

/** A change that was proposed just now, in the audit log already, and still to be written. */
export async function newChange(
  desk: Desk,
  proposal: Proposal,
  { known, stepOf }: NewChangeOptions = {},
): Promise<{ readonly change: Change; readonly worked: WorkedOut }> {
  const { worked, roles } = await checkProposal(desk, proposal, 0, known);
  const { draft, acceptsDoubts, ...content } = proposal;
  const id = await desk.tx.nextChangeId();
  const change: Change = {
    ...content,
    ...(acceptsDoubts && { acceptsDoubts }),
    id,
    version: 1,
    state: draft ? 'draft' : 'pending',
    proposer: principalText(desk.caller.principal),
    signOffs: [],
    conflicts: [],
    reaches: changeReaches(worked.objects),
    createdAtMs: desk.nowMs,
    updatedAtMs: desk.nowMs,
    ...dueOf(proposal.condition, desk.nowMs),
    ...(stepOf !== undefined && { chain: stepOf(id) }),
  };
  await desk.tx.append({
    atMs: desk.nowMs,
    actor: change.proposer,
    action: draft ? 'change.drafted' : 'change.proposed',
    change: change.id,
    detail: contentOf(change, { isMade: isReady(change, roles) }),
  });
  return { change, worked };
}

/** What a proposal comes to, once it is known to be in order. */
export interface CheckedProposal {
  readonly worked: WorkedOut;
  readonly roles: readonly RoleState[];
}

/** Checks what is proposed, and whether the caller may propose it. `id` is the change that is edited, 0 for a new one. */
export async function checkProposal(
  desk: Desk,
  proposal: Pick<Proposal, 'edits' | 'condition' | 'acceptsDoubts'>,
  id: number,
  known?: WorkedOut,
): Promise<CheckedProposal> {
  if (proposal.edits.length === 0) throw new Problem('invalid-object', 'a change needs an edit');
  if (known === undefined) await refuseHidden(desk, proposal.edits);
  const worked = known ?? (await workOut(desk, proposal));
  refuseUnallowed(desk, worked.objects);
  const mistakes = await conditionMistakes(desk, proposal.condition, id);
  if (mistakes.length > 0) throw problemOf('invalid-object', mistakes);
  await refuseRead(desk, worked.objects, id);
  await refuseNeeded(desk, worked.objects, id);
  const proposer = principalText(desk.caller.principal);
  const roles = await requirementsOf(desk, { ...proposal, id, signOffs: [], proposer }, worked.objects);
  return { worked, roles };
}

/**
 * What somebody may neither see nor edit is refused before anything is said of it, and what they can in no way make before
 * it is worked out.
 */
async function refuseHidden(desk: Desk, edits: readonly ChangeEdit[]): Promise<void> {
  const { access } = desk.current;
  const { principal, scopes } = desk.caller;
  const hidden: string[] = [];
  for (const { kind, name, op } of edits) {
    const object = desk.current.get(kind, name);
    if (object === undefined && op !== 'put') continue;
    // Where a new object lies is known when it is worked out.
    const target = { kind, reaches: object === undefined ? [] : await placesOf(desk, object) };
    const action = object === undefined ? 'create' : op === 'delete' ? 'delete' : 'update';
    const other = object === undefined ? 'stop' : 'read';
    if (([action, other] as const).some((one) => access.may(principal, one, target, scopes))) continue;
    hidden.push(`${action} of ${kind} ${name}`);
  }
  if (hidden.length > 0) throw lacking('', hidden);
}

/** @throws Problem `not-allowed` with everything that the caller may not do. */
function refuseUnallowed({ current, caller }: Desk, objects: readonly ObjectEdit[]): void {
  const missing = current.access.mayEdit(caller.principal, objects, caller.scopes);
  if (missing.length > 0) throw lacking('', missing);
}

/** A release that a pending change is going to need stays, unless the time of that has passed. */
async function refuseNeeded(desk: Desk, objects: readonly ObjectEdit[], id: number): Promise<void> {
  const going = objects.filter(
    ({ kind, before, after }) => kind === 'release' && before !== undefined && after === undefined,
  );
  if (going.length === 0) return;
  const leads = await leadsTo(desk, id);
  const needed = going.flatMap(({ name }) =>
    leads.pendingFor(name).map(({ change, kind, name: by }) => {
      return { at: `release ${name}`, message: `change ${change} needs it for ${kind} ${by}` };
    }),
  );
  if (needed.length > 0) throw problemOf('object-in-use', needed);
}

/** Whether a new change waits for nothing and nobody. */
function isReady({ state, condition }: Pick<Change, 'state' | 'condition'>, roles: readonly RoleState[]): boolean {
  return state === 'pending' && leavesOf(condition).every((leaf) => 'now' in leaf) && isSigned(roles);
}

/** What people see of a change, for the audit log. `isMade` says that the entry of its enactment follows at once. */
export function contentOf(
  { version, reason, priority, condition, edits, reverts, chain }: Change,
  { isMade = false } = {},
): object {
  const told = edits.map((edit) => toldEdit(edit, isMade));
  return {
    version,
    reason,
    priority,
    condition,
    edits: told,
    ...(reverts !== undefined && { reverts }),
    ...(chain && { chain }),
  };
}
