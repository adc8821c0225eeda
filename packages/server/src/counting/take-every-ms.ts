import type { CounterSettings } from '../counter-settings.ts';

/** How often a process gives away what it has counted, in milliseconds. */
export function takeEveryMs({ flushMs }: Pick<CounterSettings, 'flushMs'>): number {
  return Math.min(1000, flushMs / 4);
}
