import type { Change } from '../change.ts';
import type { Store, StoreEdit } from '../store.ts';
import type { CommitNote } from '../stored-commit.ts';

/** Somewhere a store can live: several handles may be open on it at once. */
export interface StorePlace {
  open(): Promise<Store>;
  /** Does something to the database behind the store's back, in plain SQL. */
  run(statement: string): Promise<void>;
  /** Closes what is still open and leaves nothing behind. */
  remove(): Promise<void>;
}

export const note: CommitNote = { atMs: 1_790_000_000_000, author: 'ada', reason: 'because' };

export function edit(name: string, body: unknown, expectedVersion?: number): StoreEdit {
  return { kind: 'rule', name, body, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
}

/** A pending change that puts one rule, unless told otherwise. */
export function changeOf(id: number, more: Partial<Change> = {}): Change {
  return {
    id,
    version: 1,
    state: 'pending',
    reason: 'because',
    proposer: 'user:ada',
    priority: 0,
    condition: { now: true },
    edits: [{ op: 'put', kind: 'rule', name: 'a', expectedVersion: 0, body: { id } }],
    signOffs: [],
    conflicts: [],
    reaches: [],
    createdAtMs: 1,
    updatedAtMs: 1,
    ...more,
  };
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
