import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { type BackoffRange, backoffMs } from '../../backoff.ts';
import { edgeProtocol } from '../../edge-protocol.ts';
import type { Link } from './link.ts';

export interface WatchOptions {
  /** A number from 0 to 1, drawn anew, that spreads the attempts of many edges. */
  readonly spread: () => number;
  readonly range?: BackoffRange;
  readonly silenceMs?: number;
}

/** What a node sends in vain may not fill the memory: characters of one event. */
const mostCharacters = 10_000;

/** Calls `onCommit` whenever the node tells of a new snapshot, and asks again when it stops telling. */
export function watchCommits(
  link: Pick<Link, 'listen'>,
  onCommit: () => void,
  { spread, range = { leastMs: 200, mostMs: 10_000 }, silenceMs = 40_000 }: WatchOptions,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let failures = 0;
  const listenOnce = async (): Promise<void> => {
    const parser = createParser({
      maxBufferSize: mostCharacters,
      onEvent({ event }) {
        failures = 0;
        if (event === edgeProtocol.commitEvent && !signal.aborted) onCommit();
      },
    });
    // Whatever ended it: asking is the truth, this only hastens it.
    await link.listen('/events', { silenceMs, signal }, (text) => parser.feed(text)).catch(() => {});
  };
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      await listenOnce();
      failures += 1;
      await pause(backoffMs(failures, spread, range), undefined, { signal }).catch(() => {});
    }
  };
  void watch();
  return () => stopping.abort();
}
