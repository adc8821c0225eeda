import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '../../backoff.ts';
import { QuietClient } from './client-settings.ts';
import type { OpenDatabase } from './open-database.ts';
import { channel } from './write-once.ts';

/** A connection of its own that listens for commits. */
export interface Watch {
  stop(): Promise<void>;
}

const range = { leastMs: 50, mostMs: 5000 };

/** Calls `onHint` for every commit, and whenever it begins to listen anew: what came meanwhile was not heard. */
export function watchCommits(database: OpenDatabase, onHint: () => void): Watch {
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      if (await listen(database, onHint, stopping.signal)) failures = 0;
      await pause(backoffMs(failures, database.draw, range), undefined, stopping).catch(() => {});
    }
  };
  const watching = watch();
  return {
    stop() {
      stopping.abort();
      return watching;
    },
  };
}

/** Listens until the connection breaks or `stop` says so. Answers whether it ever heard the server. */
async function listen({ settings, silenceMs }: OpenDatabase, onHint: () => void, stop: AbortSignal): Promise<boolean> {
  const client = new QuietClient(settings);
  const end = new AbortController();
  client.once('end', () => end.abort());
  const signal = AbortSignal.any([stop, end.signal]);
  let heard = false;
  try {
    await client.connect();
    client.on('notification', () => onHint());
    await client.query(`listen ${channel}`);
    heard = true;
    onHint();
    for (;;) {
      // Something must be said now and then, or a connection that is dead and one on which nothing happens are alike.
      await pause(silenceMs / 2, undefined, { signal });
      await client.query('select 1');
    }
  } catch {
    // Nobody is told: hints may be lost, and whoever asks for the revision will hear of the trouble.
    return heard;
  } finally {
    await client.end();
  }
}
