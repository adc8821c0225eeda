import type { CommitNote, Store, StoreEdit } from '../store.ts';

/** Somewhere a store can live: several handles may be open on it at once. */
export interface StorePlace {
  open(): Promise<Store>;
  /** Closes what is still open and leaves nothing behind. */
  remove(): Promise<void>;
}

export const note: CommitNote = { atMs: 1_790_000_000_000, author: 'ada', reason: 'because' };

export function edit(name: string, body: unknown, expectedVersion?: number): StoreEdit {
  return { kind: 'rule', name, body, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
}

/** Lends a store at another fresh, empty place. */
export async function withFresh(make: () => Promise<StorePlace>, work: (store: Store) => Promise<void>): Promise<void> {
  const fresh = await make();
  try {
    await work(await fresh.open());
  } finally {
    await fresh.remove();
  }
}
