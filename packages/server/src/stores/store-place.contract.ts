import type { Store } from '../store.ts';

/** Somewhere a store can live: several handles may be open on it at once. */
export interface StorePlace {
  open(): Promise<Store>;
  /** Closes what is still open and leaves nothing behind. */
  remove(): Promise<void>;
}
