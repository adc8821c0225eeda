import { mkdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import type { Manifest } from './manifest.ts';
import { readManifest, writeManifest } from './manifest-file.ts';

/** Where a node keeps the last good snapshot: `manifest.jsonl`, and the files of its releases in `releases/`. */
export interface SnapshotFolder {
  readonly releases: string;
  /** The manifest that was kept last; `undefined` when there is none. @throws Problem `snapshot-damaged`. */
  load(): Manifest | undefined;
  /** Keeps a manifest, durably, in the place of the one before; one at a time. @throws Problem `unwritable-file`. */
  save(manifest: Manifest): Promise<void>;
}

const name = 'manifest.jsonl';

/** The snapshot folder in a data folder. */
export function snapshotFolder(data: string): SnapshotFolder {
  const folder = join(data, 'snapshots');
  const file = join(folder, name);
  let isTidy = false;
  return {
    releases: join(folder, 'releases'),
    load() {
      const text = readIfThere(file);
      return text === undefined ? undefined : readManifest(text);
    },
    async save(manifest) {
      makeFolder(folder);
      if (!isTidy) await tidy(folder);
      isTidy = true;
      await writeWholeFile(file, [writeManifest(manifest)]);
    },
  };
}

/** Deletes what a process left that was killed while it saved. */
async function tidy(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  const left = files.filter((file) => file.startsWith(`${name}.`) && file.endsWith('.part'));
  await Promise.all(left.map((file) => rm(join(folder, file), { force: true }).catch(() => {})));
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Problem('unwritable-file', reasonOf(cause), [], { cause });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Problem('snapshot-damaged', reasonOf(cause), [], { cause });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
