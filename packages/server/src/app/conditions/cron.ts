import { Cron } from 'croner';
import { LRUCache } from 'lru-cache';
import type { CronCondition } from 'sluice';
import { durationMs } from '../../kinds/duration.ts';
import { always, type Course } from './course.ts';

/** When an expression comes next: reading one takes long, and so does asking it. */
type Next = (atMs: number) => number | undefined;

const known = new LRUCache<string, Next>({ max: 1000 });

/**
 * A time after each moment of a cron expression. One whose hour and minute are single numbers comes once a day: one that the
 * clocks skip in spring at the moment at which they are put forward, one that they show twice in autumn the first time. Of
 * any other those that are skipped do not come, and those that are shown twice come twice. Source: croner.
 */
export function cronCourse({ expression, lasts, zone }: CronCondition): Course {
  const lastsMs = durationMs(lasts);
  const key = `${lasts} ${zone} ${expression}`;
  const next = known.get(key) ?? nextOf(expression, zone);
  if (next === undefined || lastsMs === undefined) return always('unknown');
  known.set(key, next);
  // What began later than this has not ended yet.
  const firstNotEnded = (atMs: number): number | undefined => next(atMs - lastsMs);
  return {
    truthAt: (atMs) => ((firstNotEnded(atMs) ?? Number.POSITIVE_INFINITY) <= atMs ? 'true' : 'false'),
    nextMs: (atMs) => {
      const first = firstNotEnded(atMs);
      return first === undefined || first > atMs ? first : first + lastsMs;
    },
  };
}

function nextOf(expression: string, zone: string): Next | undefined {
  const cron = read(expression, zone);
  if (cron === undefined) return undefined;
  let [fromMs, foundMs] = [Number.NaN, Number.NaN];
  return (atMs) => {
    // Up to the one that was found there is none.
    if (!(atMs >= fromMs && atMs < foundMs)) {
      fromMs = atMs;
      foundMs = cron.nextRun(new Date(atMs))?.getTime() ?? Number.POSITIVE_INFINITY;
    }
    return Number.isFinite(foundMs) ? foundMs : undefined;
  };
}

function read(expression: string, zone: string): Cron | undefined {
  try {
    return new Cron(expression, { mode: '5-part', timezone: zone });
  } catch {
    return undefined;
  }
}
