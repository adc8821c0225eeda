import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Assembly, openAssembly } from '../../app/assemble-snapshot.ts';
import type { CountBatch } from '../../count.ts';
import type { EdgeApp } from '../../edge-app.ts';
import { openAdminListener } from '../../http/admin-listener.ts';
import { MergedReadings } from '../../metrics/merged-readings.ts';
import { ReleaseShelf } from '../../snapshot/release-shelf.ts';
import type { StoreChanges } from '../../store.ts';
import { edge } from '../edge.ts';

export const edgeToken = 'an-edge-token-of-thirty-two-characters';

/** What edges can follow: an admin listener with the face for them, and what lies behind it. */
export interface EdgeNode {
  readonly url: string;
  readonly assembly: Assembly;
  readonly shelf: ReleaseShelf;
  /** The folder of the release files. */
  readonly releases: string;
  readonly readings: MergedReadings;
  readonly bugs: readonly unknown[];
  damaged(): number;
  /** How many are told of new snapshots. */
  watching(): number;
  /** Takes changes over. */
  publish(changes: StoreChanges): void;
  /** Says that there is a new snapshot. */
  tell(): void;
  close(): Promise<void>;
}

export interface EdgeNodeOptions {
  readonly tokens?: readonly string[];
  readonly signingKey?: KeyObject;
  /** Where its releases are, when something else puts them there. */
  readonly shelf?: ReleaseShelf;
  readonly readings?: MergedReadings;
  /** Takes what edges bring; it may fail. */
  readonly bringCounts?: (batch: CountBatch) => unknown;
}

/** A node behind its admin listener, on a free port of the loopback, without a store. */
export async function openEdgeNode(options: EdgeNodeOptions = {}): Promise<EdgeNode> {
  const { tokens = [edgeToken], signingKey = generateKeyPairSync('ed25519').privateKey } = options;
  const releases = mkdtempSync(join(tmpdir(), 'sluice-edge-node-'));
  const { shelf = new ReleaseShelf({ folder: releases, memoryBytes: 1024 * 1024 }) } = options;
  const { readings = new MergedReadings(), bringCounts = () => {} } = options;
  const assembly = openAssembly(shelf);
  const watchers = new Set<() => void>();
  const stopping = new AbortController();
  const bugs: unknown[] = [];
  let damaged = 0;
  const app: EdgeApp = {
    tokens,
    signingKey,
    shelf,
    mark: () => assembly.manifest().mark,
    manifest: () => assembly.manifest(),
    watch(onSnapshot) {
      watchers.add(onSnapshot);
      return () => watchers.delete(onSnapshot);
    },
    putReading: (source, reading) => readings.put(source, reading),
    bringCounts: async (batch) => bringCounts(batch),
    onDamaged: () => {
      damaged += 1;
    },
    stopping: stopping.signal,
  };
  const listener = await openAdminListener(
    { host: '127.0.0.1', port: 0 },
    { faces: [{ authorisation: edge.authorisation, routes: edge.open(app) }], onBug: (_, bug) => void bugs.push(bug) },
  );
  const tell = (): void => {
    for (const watcher of watchers) watcher();
  };
  return {
    url: `http://127.0.0.1:${listener.port}`,
    assembly,
    shelf,
    releases,
    readings,
    bugs,
    damaged: () => damaged,
    watching: () => watchers.size,
    publish(changes) {
      assembly.adopt(changes);
      tell();
    },
    tell,
    async close() {
      stopping.abort();
      await listener.close(500);
      rmSync(releases, { recursive: true });
    },
  };
}
