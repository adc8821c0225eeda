import type { TimeCondition } from 'sluice';
import { always, type Course } from './course.ts';
import { momentMs } from './moment-ms.ts';

/** From a moment on, and before another. What is no moment cannot be known. */
export function timeCourse({ after, before, zone }: TimeCondition): Course {
  const fromMs = after === undefined ? Number.NEGATIVE_INFINITY : momentMs(after, zone);
  const toMs = before === undefined ? Number.POSITIVE_INFINITY : momentMs(before, zone);
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return always('unknown');
  return {
    truthAt: (atMs) => (atMs >= fromMs && atMs < toMs ? 'true' : 'false'),
    nextMs: (atMs) => [fromMs, toMs].find((ms) => ms > atMs && Number.isFinite(ms)),
  };
}
