import { type Stats, unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';

/** How often the configuration file is looked at, in milliseconds. */
const lookEveryMs = 1000;
/** For how long it must have been the same; longer than between two looks. */
const settleMs = 1500;

/** Waits for SIGHUP and for changes of the configuration file. */
export interface Reloading {
  /** Says what reloads; what asked for it before is heard now. */
  begin(reload: () => Promise<void>): void;
  stop(): void;
}

/** Reloads when it is asked to. What cannot be loaded is told, and everything stays as it was. */
export function reloadOnHangup(log: Logger, file: string | undefined): Reloading {
  let reload: (() => Promise<void>) | undefined;
  let missed: string | undefined;
  let settling: NodeJS.Timeout | undefined;
  let reloading = Promise.resolve();
  const again = (why: string): void => {
    const doIt = reload;
    if (doIt === undefined) {
      missed = why;
      return;
    }
    reloading = reloading.then(async () => {
      log.info({ why }, 'reloading');
      try {
        await doIt();
        log.info('reloaded');
      } catch (err) {
        log.error({ err }, 'could not reload; everything stays as it was');
      }
    });
  };
  const onHangup = (): void => again('SIGHUP');
  const onChange = (now: Stats): void => {
    // Whoever writes it may not be done: it is read when it has been the same for a while, and is there.
    clearTimeout(settling);
    if (now.nlink > 0) settling = setTimeout(() => again(`${file} has changed`), settleMs).unref();
  };
  // A terminal that closes sends SIGHUP too, and whoever started a server there does not want it to stay.
  if (!process.stdin.isTTY) process.on('SIGHUP', onHangup);
  if (file !== undefined) watchFile(file, { interval: lookEveryMs, persistent: false }, onChange);
  return {
    begin(how) {
      reload = how;
      if (missed !== undefined) again(missed);
    },
    stop() {
      clearTimeout(settling);
      process.off('SIGHUP', onHangup);
      if (file !== undefined) unwatchFile(file, onChange);
    },
  };
}
