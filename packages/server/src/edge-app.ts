import type { KeyObject } from 'node:crypto';
import type { CountBatch } from './count.ts';
import type { MeterReading } from './metrics/meter-reading.ts';
import type { Manifest } from './snapshot/manifest.ts';
import type { ReleaseShelf } from './snapshot/release-shelf.ts';
import type { Mark } from './store.ts';

/** What the face for edges may ask of the node, which may itself be an edge. */
export interface EdgeApp {
  /** Each edge sends one of them; without any the face is absent. */
  readonly tokens: readonly string[];
  /** An Ed25519 private key. */
  readonly signingKey: KeyObject;
  readonly shelf: Pick<ReleaseShelf, 'bytesOfLater'>;
  /** What is served. */
  mark(): Mark;
  /** Everything that is served, at the same mark. */
  manifest(): Manifest;
  /** Calls `onSnapshot` after each new one, until the function that it answers with is called. */
  watch(onSnapshot: () => void): () => void;
  /** Takes what an edge has counted, or answers `false`. `source` is another one each time the edge starts. */
  putReading(source: string, reading: MeterReading): boolean;
  /** Brings a batch that an edge has counted to where it is kept, and answers once it is there. @throws Problem. */
  bringCounts(batch: CountBatch): Promise<unknown>;
  /** Called when a release could not be read from its file. */
  onDamaged(): void;
  /** Aborted when the node stops: who listens is sent away, so that the listener can close. */
  readonly stopping: AbortSignal;
}
