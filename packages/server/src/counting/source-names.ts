import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountBatch } from '../count.ts';

/** Names of the sources of a node, the newest of which is kept in its data folder. */
export interface SourceNames {
  /** Says that nothing more will come of the process before this one: it could not say so itself if it was killed. */
  readonly first: readonly CountBatch[];
  make(): string;
}

const file = 'count-source';

/** @param onTrouble called when a name cannot be kept, which does no harm but that its end is not told. */
export function openSourceNames(data: string, onTrouble: (error: unknown) => void): SourceNames {
  const before = readBefore(join(data, file));
  return {
    first: before === undefined ? [] : [endOf(before)],
    make() {
      const name = randomUUID();
      try {
        writeFileSync(join(data, file), name, { mode: 0o600 });
      } catch (error) {
        onTrouble(error);
      }
      return name;
    },
  };
}

/** The end of a source, whatever it told last. */
function endOf(source: string): CountBatch {
  return { source, sequence: Number.MAX_SAFE_INTEGER, throughMs: 0, counts: [], last: true };
}

function readBefore(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
