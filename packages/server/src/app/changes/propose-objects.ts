import type { Condition } from 'sluice';
import type { Change } from '../../change.ts';
import { type Mistake, problemOf } from '../../problem.ts';
import type { StoredObject } from '../../store.ts';
import type { ObjectEdit } from '../access/object-edit.ts';
import { isImmediate } from '../conditions/is-immediate.ts';
import { type Edit, type PrepareOptions, prepareEdits } from '../prepare-edits.ts';
import { type Alterations, alterations } from './alterations.ts';
import type { Desk } from './desk.ts';
import { type Consented, digestOf } from './digest-of.ts';
import { proposeChange } from './propose-change.ts';
import { isSigned, type RoleState, requirementsOf } from './requirements.ts';

/** Objects as people or importers write them, whole, and what else makes a change of them. */
export interface ObjectsProposal extends Omit<PrepareOptions, 'makeSalt'> {
  readonly edits: readonly Edit[];
  readonly reason: string;
  /** Absent for now. */
  readonly condition?: Condition;
  /** Which living objects go, unless an edit writes them. */
  readonly clears?: (living: readonly StoredObject[]) => Promise<readonly StoredObject[]>;
}

/** A change that is not enacted yet. */
export interface WaitingChange {
  readonly change: Change;
  /** The sign-offs that it needs, and has. */
  readonly required: readonly RoleState[];
}

/** What became of a proposal. */
export interface ProposedObjects {
  /** The revision after it. */
  readonly revision: number;
  /** Whether anything is another than before: what is as it was makes no change and no revision. */
  readonly changed: boolean;
  readonly warnings: readonly Mistake[];
  /** Absent where the change was enacted, or where there is none. */
  readonly waiting?: WaitingChange;
}

/**
 * Makes one change of objects: new ones are put, others patched, those without a body deleted. It is enacted in the same
 * transaction, unless its condition or a policy has it wait; one that waits just so already is not proposed again.
 *
 * @throws Problem with every mistake and its place; what proposing throws.
 */
export async function proposeObjects(desk: Desk, proposal: ObjectsProposal): Promise<ProposedObjects> {
  const { reason, condition = { now: true }, doubts } = proposal;
  const { revision } = desk.current.mark;
  const { edits, worked } = await workOutObjects(desk, proposal);
  const { warnings } = worked;
  if (edits.length === 0) return { revision, changed: false, warnings };
  const content = { edits, condition, ...(doubts === 'accept' && { acceptsDoubts: true as const }) };
  const twin = await waitingTwin(desk, content, worked.objects);
  if (twin !== undefined) return { revision, changed: false, warnings, waiting: twin };
  const proposing = { ...content, reason, priority: 0, draft: false };
  const { change, problem, warnings: all } = await proposeChange(desk, proposing, worked);
  if (problem !== undefined) throw problem;
  if (change.state === 'enacted') {
    const after = change.end?.revision ?? revision;
    return { revision: after, changed: after !== revision, warnings: all };
  }
  const required = await requirementsOf(desk, change, worked.objects);
  return { revision, changed: false, warnings: all, waiting: { change, required } };
}

async function workOutObjects(desk: Desk, { clears, ...proposal }: ObjectsProposal): Promise<Alterations> {
  const { tx, current, makeSalt } = desk;
  const living = [...current.objects.values()];
  const cleared = (await clears?.(living)) ?? [];
  const isRead = needsReleases(living, proposal.edits, cleared);
  const objects = isRead ? [...(await current.withReleases(tx)).values()] : living;
  const prepared = prepareEdits(objects, proposal.edits, { ...proposal, makeSalt }, cleared);
  // Nobody could ever alter again what wants more people than there are.
  const firm = prepared.warnings.filter((one) => 'isFirm' in one);
  if (firm.length > 0) throw problemOf(proposal.code, firm);
  return alterations(desk, prepared, proposal.edits);
}

/** Whether a release goes and others stay, which may need it: only what stands in these says so, and they may be a lot to read. */
function needsReleases(
  living: readonly StoredObject[],
  edits: readonly Edit[],
  cleared: readonly StoredObject[],
): boolean {
  const releases = edits.filter(({ kind }) => kind === 'release');
  const gone = cleared.filter(({ kind }) => kind === 'release');
  if (gone.length === 0 && releases.every(({ body }) => body !== undefined)) return false;
  const told = new Set([...releases, ...gone].map(({ name }) => name));
  return living.some(({ kind, name }) => kind === 'release' && !told.has(name));
}

/** The pending change that would do just the same, where it waits for what this one would wait for. */
async function waitingTwin(
  desk: Desk,
  content: Consented,
  objects: readonly ObjectEdit[],
): Promise<WaitingChange | undefined> {
  const open = await desk.tx.openChangesOn(content.edits);
  const alike = open.filter(
    ({ state, edits, conflicts }) =>
      state === 'pending' && conflicts.length === 0 && edits.length === content.edits.length,
  );
  if (alike.length === 0) return undefined;
  const digest = digestOf(content);
  const change = alike.find((one) => digestOf(one) === digest);
  if (change === undefined) return undefined;
  const required = await requirementsOf(desk, change, objects);
  // One that nothing holds any more would wait for ever, had nobody this way to make it real.
  return isImmediate(change.condition) && isSigned(required) ? undefined : { change, required };
}
