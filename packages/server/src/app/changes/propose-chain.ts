import type { Condition } from 'sluice';
import type { Change, ChangeEdit } from '../../change.ts';
import { type Mistake, Problem } from '../../problem.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { enactIfReady } from './enact-change.ts';
import { type Chain, findChain } from './find-chain.ts';
import { keepChange } from './keep-change.ts';
import { overlappingChanges } from './overlapping-changes.ts';
import { newChange } from './propose-change.ts';
import type { WorkedOut } from './work-out.ts';

/** One step of what is proposed. */
export interface ProposedStep {
  readonly edits: readonly ChangeEdit[];
  /** What it waits for besides the step before; nothing unless given. */
  readonly condition?: Condition | undefined;
  /** How long the step before must have been enacted, as ISO 8601 has it. */
  readonly hold?: string | undefined;
  /** Why, where there is more to say than of the whole. */
  readonly reason?: string | undefined;
}

export interface ChainProposal {
  readonly reason: string;
  readonly priority: number;
  readonly steps: readonly ProposedStep[];
  readonly acceptsDoubts?: true | undefined;
}

/** A chain as an act left it. */
export interface ActedChain extends Pick<Acted, 'problem' | 'warnings'> {
  readonly chain: Chain;
}

/**
 * Writes down a chain: a change for each step, which waits for the one before, all or none. The edits of all are made against
 * what there is now. A first step that waits for nothing and nobody is enacted in the same transaction.
 *
 * @throws Problem as proposing a change does, with the step in the place of each mistake.
 */
export async function proposeChain(desk: Desk, { steps, ...whole }: ChainProposal): Promise<ActedChain> {
  const warnings: Mistake[] = [];
  // What alters the same as one step does so as the others mostly.
  const isNew = ({ message }: Mistake) => !warnings.some((one) => one.message === message);
  const made: { readonly change: Change; readonly worked: WorkedOut }[] = [];
  for (const [i, step] of steps.entries()) {
    const stepOf = (id: number) => ({ id: made[0]?.change.id ?? id, step: i + 1, of: steps.length });
    const proposal = {
      ...whole,
      reason: step.reason ?? whole.reason,
      edits: step.edits,
      condition: conditionOf(step, made.at(-1)?.change.id, i),
      draft: false,
    };
    const { change, worked } = await atStep(i, () => newChange(desk, proposal, { stepOf }));
    // The next one waits for it.
    await keepChange(desk, change);
    made.push({ change, worked });
    warnings.push(...placed(i, [...worked.warnings, ...(await overlappingChanges(desk, change))]).filter(isNew));
  }
  const [first] = made;
  if (first === undefined) throw new Problem('invalid-object', 'a chain needs steps');
  // Not before all others are there: their edits were made against what there was before it.
  const { problem } = await enactIfReady(desk, first.change, first.worked);
  const chain = await findChain(desk.tx, first.change.id);
  return { chain, warnings, ...(problem !== undefined && { problem }) };
}

function conditionOf({ condition, hold }: ProposedStep, before: number | undefined, i: number): Condition {
  if (before === undefined) {
    if (hold === undefined) return condition ?? { now: true };
    throw new Problem('invalid-object', `steps[${i}].hold: the first step holds after nothing; give it a condition`);
  }
  const behind: Condition = { change: { id: before, state: 'enacted', ...(hold !== undefined && { for: hold }) } };
  return condition === undefined || 'now' in condition ? behind : { all: [behind, condition] };
}

/** Says of every mistake in which step it is. */
async function atStep<T>(i: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, detail, mistakes } = error;
    throw new Problem(code, `step ${i + 1}: ${detail}`, placed(i, mistakes), { cause: error });
  }
}

function placed(i: number, mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.map(({ at, message }) => ({ at: at === '' ? `steps[${i}]` : `steps[${i}].${at}`, message }));
}
