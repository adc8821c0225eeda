import type { HoursCondition, Weekday } from 'sluice';
import { always, type Course } from './course.ts';
import { stretchesOf } from './wall-clock.ts';

/** In the order in which they are numbered, from 1 on. Source: ISO 8601. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly Weekday[];

export const workdays: readonly Weekday[] = weekdays.slice(0, 5);

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Whatever happens on some day of the week happens within so many, though a zone skip one. */
const mostDays = 16;

/**
 * Hours of the day by what the clocks on the wall show: an hour that comes twice in autumn counts twice, and what the clocks
 * skip in spring is never shown.
 */
export function hoursCourse({ days = workdays, from, to, zone }: HoursCondition): Course {
  if (!isZone(zone)) return always('unknown');
  const numbers = days.map((day) => weekdays.indexOf(day));
  const [fromMs, toMs] = [timeOfDay(from), timeOfDay(to)];
  const isShown = (localMs: number): boolean => {
    const day = Math.floor(localMs / dayMs);
    const sinceMidnight = localMs - day * dayMs;
    return sinceMidnight >= fromMs && sinceMidnight < toMs && numbers.includes(weekdayOf(day));
  };
  const isOn = (atMs: number): boolean => {
    const found = stretchesOf(Math.floor(atMs / dayMs), zone).find((one) => atMs < one.toMs);
    return isShown(atMs + (found?.aheadMs ?? 0));
  };
  return {
    truthAt: (atMs) => (isOn(atMs) ? 'true' : 'false'),
    nextMs: (atMs) => {
      const before = isOn(atMs);
      const first = Math.floor(atMs / dayMs);
      for (let day = first; day < first + mostDays; day += 1) {
        for (const stretch of stretchesOf(day, zone)) {
          const { fromMs: startMs, toMs: endMs, aheadMs } = stretch;
          const midnight = Math.floor((startMs + aheadMs) / dayMs) * dayMs - aheadMs;
          // A day of UTC lies in two days of the zone.
          const moments = [startMs, ...[midnight, midnight + dayMs].flatMap((ms) => [ms + fromMs, ms + toMs])];
          const found = moments.find(
            (ms) => ms > atMs && ms >= startMs && ms < endMs && isShown(ms + aheadMs) !== before,
          );
          if (found !== undefined) return found;
        }
      }
      return undefined;
    },
  };
}

/** Zones come and go with the runtime. */
function isZone(zone: string): boolean {
  try {
    return stretchesOf(0, zone).length > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function timeOfDay(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * minuteMs;
}

/** 1 January 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
