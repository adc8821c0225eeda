import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';

/** How often the configuration file is looked at, in milliseconds. */
const lookEveryMs = 2000;

/**
 * Reloads on SIGHUP and when the configuration file changes, until the function that it answers with is called. What
 * cannot be loaded is told, and everything stays as it was.
 */
export function reloadOnHangup(log: Logger, file: string | undefined, reload: () => Promise<void>): () => void {
  // A terminal that closes sends SIGHUP too, and whoever started a server there does not want it to stay.
  if (process.stdin.isTTY) return () => {};
  let reloading = Promise.resolve();
  const again = (why: string): void => {
    reloading = reloading.then(async () => {
      log.info({ why }, 'reloading');
      try {
        await reload();
        log.info('reloaded');
      } catch (err) {
        log.error({ err }, 'could not reload; everything stays as it was');
      }
    });
  };
  const onHangup = (): void => again('SIGHUP');
  const onChange = (): void => again(`${file} has changed`);
  process.on('SIGHUP', onHangup);
  if (file !== undefined) watchFile(file, { interval: lookEveryMs, persistent: false }, onChange);
  return () => {
    process.off('SIGHUP', onHangup);
    if (file !== undefined) unwatchFile(file, onChange);
  };
}
