import { isDeepStrictEqual } from 'node:util';
import type { Truth } from 'sluice';
import type { Change } from '../../change.ts';
import type { Moment } from './desk.ts';
import { dueAtMs, isPast } from './due-time.ts';
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
  readonly leaves: readonly { readonly leaf: object; readonly truth: Truth }[];
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
  const { truth, leaves } = await judge(desk, change, required);
  return {
    required,
    isSigned: isSigned(required),
    isPast: isPast(change.condition, desk.nowMs),
    dueAtMs: dueAtMs(change.condition),
    truth,
    leaves: [...leaves].map(([leaf, one]) => ({ leaf, truth: one })),
    objects: objects.filter(({ before, after }) => !isDeepStrictEqual(before, after)),
  };
}
