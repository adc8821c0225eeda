/** How a node is, as its admin listener tells it. */
export interface Health {
  readonly checks: Readonly<Record<CheckName, Check>>;
  /** The revision that is being served. */
  readonly revision: number;
  /** When the snapshot that is being served was last known to be the newest; 0 when that is not known. */
  readonly upToDateAtMs: number;
  readonly snapshotFrom: SnapshotSource;
  /** The revision of the snapshot that is kept on disk; 0 when there is none. */
  readonly savedRevision: number;
  readonly workers: Workers;
  /** Until when the certificate of the public listener is valid; absent without TLS. */
  readonly certificateExpiresAtMs?: number | undefined;
  /** How many request lines are kept for previews. */
  readonly sampledLines?: number | undefined;
  /** How what is counted for signals is brought to where it is kept. */
  readonly counting?: CountingHealth | undefined;
}

/** Batches of counts that were brought and that wait, counts that are in none yet, and when one was brought last. */
export interface CountingHealth {
  readonly batches: number;
  readonly waitingBatches: number;
  readonly waitingCounts: number;
  /** In milliseconds since 1970; absent before the first. */
  readonly broughtAtMs?: number | undefined;
}

/** `store`: it could be reached when last asked; `snapshot`: the newest configuration compiled; `disk`: the snapshot could be kept. */
export type CheckName = 'store' | 'snapshot' | 'disk';

/** What came of one look. `detail` is for operators and is told by the admin listener only. */
export interface Check {
  readonly status: 'ok' | 'error';
  readonly detail?: string;
}

/** Where the snapshot that is being served came from: the database, this node's disk, or the node that an edge follows. */
export type SnapshotSource = 'store' | 'disk' | 'edge';

/** The processes beside this one that answer clients; with none wanted it answers itself. `restarted` counts those that were replaced since the start. */
export interface Workers {
  readonly wanted: number;
  readonly running: number;
  readonly restarted: number;
  /** The resident memory of each that runs. */
  readonly memoryBytes?: readonly number[] | undefined;
}
