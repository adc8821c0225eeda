import type { Mark, StoreChanges } from './store.ts';

/**
 * Where a node learns what to serve. In what it tells, the body of each release is its place on the shelf
 * (`ShelvedRelease`), and the file is there before it is told of.
 */
export interface Source {
  readonly from: 'store' | 'edge';
  /** The newest commit. @throws Problem when the source cannot be reached. */
  newest(): Promise<Mark>;
  /**
   * What changed after `mark`.
   * @throws Problem `invalid-object`, naming object and field, when what is there cannot be served; any other when the
   * source cannot be reached.
   */
  changesSince(mark: Mark): Promise<StoreChanges>;
  /** Calls `onHint` when something may have changed, until the function that it answers with is called. */
  watch(onHint: () => void): () => void;
  close(): Promise<void>;
}
