import { type ChangeCondition, type Condition, type ConditionLeaf, leavesOf } from 'sluice';
import type { Known } from '../../judgement.ts';
import { durationMs } from '../../kinds/duration.ts';
import { always, type Course, from } from './course.ts';
import { cronCourse } from './cron.ts';
import { type FirstMoment, firstMoment } from './first-moment.ts';
import { hoursCourse } from './hours.ts';
import { timeCourse } from './time-span.ts';

/** What is known of other changes; without it nothing is. */
type OtherChange = Known['change'];

/**
 * The earliest moment, from `fromMs` on, at which a condition can be true as far as its times say: `fromMs` itself where no
 * time holds it back, `undefined` where they never let it be true again. That another change has to be what it is for some
 * time holds it back once that change is so.
 */
export function dueAtMs(condition: Condition, fromMs = 0, other?: OtherChange): number | undefined {
  const found = firstPossible(condition, fromMs, other);
  return typeof found === 'number' ? found : undefined;
}

/** When a change is due, for the store to sort by; nothing where its times never let it be. */
export function dueOf(condition: Condition, nowMs: number): { readonly dueAtMs?: number } {
  const dueMs = dueAtMs(condition, nowMs);
  return dueMs === undefined ? {} : { dueAtMs: dueMs };
}

/** Whether a condition can never be true any more, because its times have gone by. */
export function isPast(condition: Condition, nowMs: number): boolean {
  return firstPossible(condition, nowMs) === 'never';
}

function firstPossible(condition: Condition, fromMs: number, other?: OtherChange): FirstMoment {
  const courses = new Map<ConditionLeaf, Course>();
  for (const leaf of leavesOf(condition)) courses.set(leaf, courseOfTime(leaf, other) ?? always('unknown'));
  return firstMoment(condition, 'not-false', fromMs, (leaf) => courses.get(leaf) ?? always('unknown'));
}

/** How a leaf goes with the clock; `undefined` for one that does not. */
export function courseOfTime(leaf: ConditionLeaf, other?: OtherChange): Course | undefined {
  if ('time' in leaf) return timeCourse(leaf.time);
  if ('hours' in leaf) return hoursCourse(leaf.hours);
  if ('cron' in leaf) return cronCourse(leaf.cron);
  if ('now' in leaf) return always('true');
  return 'change' in leaf ? courseOfChange(leaf.change, other) : undefined;
}

function courseOfChange(
  { id, state, for: duration }: ChangeCondition,
  other: OtherChange | undefined,
): Course | undefined {
  const forMs = duration === undefined ? undefined : durationMs(duration);
  const known = forMs === undefined ? undefined : other?.(id);
  if (forMs === undefined || known?.state !== state) return undefined;
  return from(known.sinceMs + forMs, 'false', 'true');
}
