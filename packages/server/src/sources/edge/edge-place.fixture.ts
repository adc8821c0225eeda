import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edgeToken } from '../../admin-faces/edge/edge-node.fixture.ts';
import type { EdgeSource, EdgeSourceOptions, FirstKey } from '../../edge-source.ts';
import { ReleaseShelf } from '../../snapshot/release-shelf.ts';
import { type EdgeLimits, edgeSource } from '../edge.ts';

/** Where an edge lives, and what it told. */
export interface EdgePlace {
  readonly data: string;
  readonly shelf: ReleaseShelf;
  readonly source: EdgeSource;
  readonly firstKeys: readonly FirstKey[];
  readonly doubts: readonly string[];
  /** A source that begins anew on the same folder. */
  again(more?: Partial<EdgeSourceOptions & EdgeLimits>): EdgeSource;
  remove(): Promise<void>;
}

/** An edge of the node at this address. */
export function openEdgePlace(from: string, options: Partial<EdgeSourceOptions & EdgeLimits> = {}): EdgePlace {
  const data = mkdtempSync(join(tmpdir(), 'sluice-edge-'));
  const shelf = new ReleaseShelf({ folder: join(data, 'releases'), memoryBytes: 1024 * 1024 });
  const firstKeys: FirstKey[] = [];
  const doubts: string[] = [];
  const opened: EdgeSource[] = [];
  const open = (more: Partial<EdgeSourceOptions & EdgeLimits> = {}): EdgeSource => {
    const source = edgeSource({
      from,
      token: edgeToken,
      data,
      shelf,
      spread: Math.random,
      onFirstKey: (first) => void firstKeys.push(first),
      onDoubt: (doubt) => void doubts.push(doubt),
      ...options,
      ...more,
    });
    opened.push(source);
    return source;
  };
  return {
    data,
    shelf,
    source: open(),
    firstKeys,
    doubts,
    again: open,
    async remove() {
      for (const source of opened) await source.close();
      rmSync(data, { recursive: true });
    },
  };
}
