import type { Scope } from '../../permission.ts';
import type { Principal } from '../../principal.ts';
import type { OwnSignal } from '../../signal.ts';
import type { StoreTransaction, StoreView, Transactions } from '../../store.ts';
import type { Current, CurrentObjects } from './current.ts';

/** Who asks, and what of that is left by the token that was shown. */
export interface Caller {
  readonly principal: Principal;
  readonly scopes?: readonly Scope[];
}

/** What is known at one moment. */
export interface Moment {
  readonly tx: StoreView;
  readonly current: Current;
  readonly nowMs: number;
  /** What can be read from our own counters; without it such signals are unknown. */
  readonly ownSignals?: readonly OwnSignal[] | undefined;
}

/** Where a change is worked on: a write transaction, what is configured at its beginning, and who asks. */
export interface Desk extends Moment {
  readonly tx: StoreTransaction;
  readonly caller: Caller;
  readonly makeSalt: () => string;
}

/** What changes are made with. */
export interface Changing {
  readonly store: Transactions;
  readonly current: CurrentObjects;
  readonly nowMs: () => number;
  readonly makeSalt: () => string;
  readonly ownSignals?: readonly OwnSignal[] | undefined;
}

/** Does `work` at a desk, all or nothing. It may be done again, and must touch nothing else. */
export function atDesk<T>(
  { store, current, nowMs, makeSalt, ownSignals }: Changing,
  caller: Caller,
  work: (desk: Desk) => Promise<T>,
  options: { readonly urgent?: boolean } = {},
): Promise<T> {
  return store.write(
    async (tx) => work({ tx, current: await current(tx), caller, nowMs: nowMs(), makeSalt, ownSignals }),
    options,
  );
}

/** Looks at one moment, without writing. */
export function atMoment<T>(
  { store, current, nowMs, ownSignals }: Changing,
  look: (moment: Moment) => Promise<T>,
): Promise<T> {
  return store.read(async (tx) => look({ tx, current: await current(tx), nowMs: nowMs(), ownSignals }));
}
