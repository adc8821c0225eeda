import { setTimeout as pause } from 'node:timers/promises';
import { driverProblem, isBusy } from './driver-problem.ts';

/**
 * Does `work` on `file`, again and again while another connection holds the lock, for `patienceMs` at most.
 * The thread is free between attempts, which SQLite's own waiting would not leave it. `work` must undo itself when it fails.
 * @throws Problem for every expected failure of the driver: `store-busy`, `store-corrupt`, `store-unavailable`.
 */
export async function withPatience<T>(file: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  let waitedMs = 0;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, 25)) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || waitedMs >= patienceMs) throw driverProblem(file, error);
    }
    await pause(pauseMs);
    waitedMs += pauseMs;
  }
}
