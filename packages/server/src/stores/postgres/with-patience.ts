import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '../../backoff.ts';
import { driverProblem, isPassing } from './driver-problem.ts';
import type { OpenDatabase } from './open-database.ts';

const range = { leastMs: 20, mostMs: 500 };

/**
 * Does `work`, again and again while what fails may pass, until `patienceMs` are over; once at least, however long it
 * waited for its turn. Only for work that may be done twice.
 * @throws Problem for every expected failure: `store-busy`, `store-corrupt`, `store-unavailable`.
 */
export async function withPatience<T>(
  { place, draw, patienceMs }: Pick<OpenDatabase, 'place' | 'draw' | 'patienceMs'>,
  work: () => Promise<T>,
  mostMs: () => number = () => patienceMs,
): Promise<T> {
  const startedMs = performance.now();
  for (let failures = 0; ; failures++) {
    const pauseMs = backoffMs(failures, draw, range);
    try {
      return await work();
    } catch (error) {
      const tooLate = performance.now() + pauseMs - startedMs > mostMs();
      if (!isPassing(error) || tooLate) throw driverProblem(place, error);
    }
    await pause(pauseMs);
  }
}
