import { Problem } from '../../problem.ts';
import { Damage } from '../sql/damage.ts';

/** Primary result codes (https://www.sqlite.org/rescode.html). */
const busy = 5;
const damaged = new Set([11, 26]);
const unavailable = new Map([
  [3, 'access is denied'],
  [8, 'it cannot be written to'],
  [10, 'the disk reports an error'],
  [13, 'the disk is full'],
  [14, 'it cannot be opened'],
]);

/** True when another connection holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === busy;
}

/** Turns what the driver or the file system throws into a Problem about `file`, in one sentence; leaves bugs as they are. */
export function driverProblem(file: string, error: unknown): unknown {
  const code = resultCode(error);
  if (error instanceof Damage || (code !== undefined && damaged.has(code))) {
    const why = error instanceof Error ? error.message : `SQLite error ${code}`;
    const detail = `${file} is damaged (${why}): stop all that use it, move it away with its -wal and -shm files, and put a backup in its place.`;
    return new Problem('store-corrupt', detail, [], { cause: error });
  }
  if (code === busy) {
    const detail = `Another process kept ${file} locked for too long: try again when it has finished.`;
    return new Problem('store-busy', detail, [], { cause: error });
  }
  const why = code === undefined ? fileSystemReason(error) : unavailable.get(code);
  if (why === undefined) return error;
  return new Problem('store-unavailable', `${file} is of no use as a database: ${why}.`, [], { cause: error });
}

/** libsql gives SQLite's extended code as `rawCode`, except when opening fails: then it stands in the message alone. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message)?.[1];
  return opening === undefined ? undefined : Number(opening) & 0xff;
}

function fileSystemReason(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error ? error.message : undefined;
}
