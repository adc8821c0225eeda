import type { StoreView } from '../../store.ts';
import type { NamedNotifier } from './notifiers-for.ts';

/** How many of the last failures are looked at: once a notifier is disabled nothing more is written for it. */
const mostLooked = 100;

/**
 * Whether the other side wants no more of anything. It holds until the notifier has another version: what failed says so, as
 * nobody alters an object but by a change.
 */
export async function isDisabled(tx: Pick<StoreView, 'notices'>, { name, version }: NamedNotifier): Promise<boolean> {
  const failed = await tx.notices({ notifier: name, states: ['failed'], limit: mostLooked });
  return failed.some(({ disables, notifierVersion }) => disables === true && notifierVersion === version);
}
