import type { Notice } from '../../notice.ts';
import type { SendingNotifier } from './notifiers-for.ts';

/**
 * Whether a notice says, of exactly this content, what need not be said again: it was sent or is going to be. What failed is
 * worth another one when its notifier has another version since.
 */
export function isTold(notice: Notice, digest: string, takers: readonly SendingNotifier[]): boolean {
  const { state, overtakenAtMs, notifierVersion } = notice;
  if (notice.digest !== digest || state === 'void' || overtakenAtMs !== undefined) return false;
  const taker = takers.find(({ name }) => name === notice.notifier);
  return state !== 'failed' || taker?.version === notifierVersion;
}
