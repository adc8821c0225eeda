import type { Logger } from 'pino';

/** Closes everything and ends the process when SIGTERM or SIGINT comes. Answers whether one has come. */
export function stopOnSignals(log: Logger, close: () => Promise<void>): () => boolean {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    try {
      await close();
      process.exit(0);
    } catch (err) {
      log.error({ err }, 'could not stop cleanly');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  return () => stopping;
}
