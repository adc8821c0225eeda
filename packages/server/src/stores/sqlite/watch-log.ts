import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** When after the log's last growth it is hinted once more, in milliseconds: a commit can be read when it is on the disk. */
const echoesMs = [3, 8, 16, 32, 64];

/** Calls `onHint` when the write-ahead log of a database may have grown, until the function that it answers with is called. */
export function watchLog(file: string, onHint: () => void): () => void {
  const log = `${basename(file)}-wal`;
  let watcher: FSWatcher | undefined;
  let echoes: readonly NodeJS.Timeout[] = [];
  const silence = (): void => {
    for (const echo of echoes) clearTimeout(echo);
    echoes = [];
  };
  try {
    // The folder, for the log comes and goes.
    watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
      if (name !== log) return;
      silence();
      onHint();
      echoes = echoesMs.map((ms) => setTimeout(onHint, ms).unref());
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // A system that cannot watch or does not want to any more: hints may be lost, and asking is the truth.
  }
  return () => {
    silence();
    watcher?.close();
  };
}
