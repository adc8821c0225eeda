import { followCurrent } from '../app/changes/current.ts';
import { atDesk, type Desk } from '../app/changes/desk.ts';
import { makeSalt } from '../app/draw-ticket.ts';
import type { Context } from './context.ts';
import { userName } from './user-name.ts';
import { type StoreOptions, withStore } from './with-store.ts';

/**
 * Does `work` in one transaction of the store that the options name, as whoever runs the command: they may do everything,
 * and can sign nothing off. It may be done again, so it must print nothing.
 */
export function withDesk<T>(
  context: Context,
  options: StoreOptions,
  work: (desk: Desk) => Promise<T>,
  opening?: { readonly mustExist: boolean },
): Promise<T> {
  const caller = { principal: { kind: 'local', name: userName() } } as const;
  return withStore(
    context,
    options,
    (store) => atDesk({ store, current: followCurrent(), nowMs: () => context.nowMs(), makeSalt }, caller, work),
    opening,
  );
}
