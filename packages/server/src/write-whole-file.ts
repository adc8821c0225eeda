import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from './problem.ts';

/**
 * Writes a file for its owner's eyes only. It appears under its name, in the place of another, when it is whole and on
 * the disk; until then there is another one beside it, and none is left when something goes wrong.
 * @throws Problem `unwritable-file`; whatever `content` throws.
 */
export async function writeWholeFile(
  file: string,
  content: Iterable<string | Uint8Array> | AsyncIterable<string>,
): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await pipeline(content, createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, file);
    await syncFolder(dirname(file));
  } catch (error) {
    // The failure is told, not that there was nothing to clear away.
    await rm(part, { force: true }).catch(() => {});
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new Problem('unwritable-file', error.message, [], { cause: error });
  }
}

/** The name of a file is on the disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
