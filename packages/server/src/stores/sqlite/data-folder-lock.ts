import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem } from '../../problem.ts';
import { type Connection, connect } from './connection.ts';
import { driverProblem, isBusy } from './driver-problem.ts';
import { makePrivateFile } from './private-file.ts';

/** The right to serve from a data folder. */
export interface DataFolderLock {
  release(): void;
}

/** Locks in force. A connection that nobody refers to is closed by the garbage collector, and its lock is gone. */
const held = new Set<Connection>();

/**
 * Makes this process, whose id is `pid`, the only server on the data folder `dir` until it releases the lock or ends.
 * An open transaction on a file of its own is the lock: the kernel drops it with the process, however that ends.
 * @throws Problem `data-folder-in-use` naming the owner, `store-unavailable`.
 */
export function lockDataFolder(dir: string, pid: number): DataFolderLock {
  const lockFile = resolve(dir, 'serve.lock');
  const pidFile = join(resolve(dir), 'serve.pid');
  let connection: Connection | undefined;
  try {
    makePrivateFile(lockFile);
    connection = connect(lockFile);
    connection.exec('begin exclusive');
    notePid(pidFile, pid);
  } catch (error) {
    connection?.close();
    if (isBusy(error)) throw new Problem('data-folder-in-use', `${ownerIn(pidFile)} serves from ${resolve(dir)}.`);
    throw driverProblem(lockFile, error);
  }
  return hold(connection, pidFile);
}

/** Only messages need it, so on a full disk it may be missing. */
function notePid(pidFile: string, pid: number): void {
  try {
    writeFileSync(pidFile, `${pid}\n`, { mode: 0o600 });
  } catch {
    rmSync(pidFile, { force: true });
  }
}

function hold(connection: Connection, pidFile: string): DataFolderLock {
  held.add(connection);
  return {
    release() {
      if (!held.delete(connection)) return;
      // In this order, so that the next owner's pid file is not the one that goes.
      rmSync(pidFile, { force: true });
      connection.exec('rollback');
      connection.close();
    },
  };
}

/** The lock is in another file than the pid because reading a locked SQLite file would drop its locks in this process. */
function ownerIn(pidFile: string): string {
  try {
    const [pid] = /^\d+$/m.exec(readFileSync(pidFile, 'utf8')) ?? [];
    return pid === undefined ? 'Another process' : `Process ${pid}`;
  } catch {
    return 'Another process';
  }
}
