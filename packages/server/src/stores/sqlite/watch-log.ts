import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Calls `onHint` when the write-ahead log of a database may have grown, until the function that it answers with is called. */
export function watchLog(file: string, onHint: () => void): () => void {
  const log = `${basename(file)}-wal`;
  let watcher: FSWatcher | undefined;
  try {
    // The folder, for the log comes and goes.
    watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
      if (name === log) onHint();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // A system that cannot watch or does not want to any more: hints may be lost, and asking is the truth.
  }
  return () => watcher?.close();
}
