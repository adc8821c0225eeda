import { isDeepStrictEqual } from 'node:util';
import { type Condition, leavesOf, type Truth } from 'sluice';
import type { Change } from '../../change.ts';
import type { Claim } from '../../claim.ts';
import type { JudgedLeaf } from '../../judgement.ts';
import { dueAtMs, isPast } from '../conditions/due-time.ts';
import { isImmediate } from '../conditions/is-immediate.ts';
import { riskOf } from '../notices/risk-of.ts';
import type { Moment } from './desk.ts';
import { type Freeze, freezesOn } from './freezes-on.ts';
import { judge } from './judge.ts';
import { isSigned, type RoleState, requirementsOf } from './requirements.ts';
import { touchedObjects } from './touched-objects.ts';

/** What is true of a change now. */
export interface ChangeFacts {
  readonly required: readonly RoleState[];
  readonly isSigned: boolean;
  /** Whether the time at which it could have been enacted is over. */
  readonly isPast: boolean;
  /** The earliest moment at which its condition can be true, as far as times say so. */
  readonly dueAtMs: number | undefined;
  readonly truth: Truth;
  /** Each leaf of the condition, in its order, with what it comes to. */
  readonly leaves: readonly JudgedLeaf[];
  /** When its condition is expected to become true; absent where that cannot be said. */
  readonly expectedAtMs?: number;
  /** What holds it at present, though its condition be true; programs only, and only what raises a risk. */
  readonly freezes: readonly Freeze[];
  /** What came of the attempts of agents; absent where the last one did not fail. */
  readonly attempts?: Claim;
  /** Each object before and after, as the edits stand now; nothing for a change that is over. */
  readonly objects: readonly {
    readonly kind: string;
    readonly name: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

/** Works out what is true of an open change. */
export async function factsOf(desk: Moment, change: Change): Promise<ChangeFacts> {
  const objects = await touchedObjects(desk, change);
  const required = await requirementsOf(desk, change, objects);
  const { truth, leaves, expectedAtMs } = await judge(desk, change, required);
  return {
    required,
    isSigned: isSigned(required),
    isPast: isPast(change.condition, desk.nowMs),
    dueAtMs: dueAtMs(change.condition, recurs(change.condition) ? desk.nowMs : 0),
    truth,
    leaves,
    ...(expectedAtMs !== undefined && { expectedAtMs }),
    freezes: isImmediate(change.condition) || riskOf(objects) === 'lowers' ? [] : freezesOn(desk, change.reaches),
    ...(await attemptsOf(desk, change)),
    objects: objects.filter(({ before, after }) => !isDeepStrictEqual(before, after)),
  };
}

/** Failures are those of one version. */
async function attemptsOf({ tx }: Pick<Moment, 'tx'>, { id, version }: Change): Promise<{ readonly attempts?: Claim }> {
  const [claim] = await tx.claims([id]);
  return claim === undefined || claim.version !== version || claim.failures === 0 ? {} : { attempts: claim };
}

/** Whether its times come again and again: of such a condition the next moment is of interest, not the first there ever was. */
function recurs(condition: Condition): boolean {
  return leavesOf(condition).some((leaf) => 'hours' in leaf || 'cron' in leaf);
}
