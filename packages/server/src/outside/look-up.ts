import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

/** All addresses that a name leads to. @throws Error with a `code` where there are none. */
export type LookUp = (host: string) => Promise<readonly LookupAddress[]>;

/**
 * Looks names up as the machine does, few at a time: each look-up holds a thread of those that read files too, and a name
 * server that does not answer must not take them all.
 */
export function openLookUp(look: LookUp = (host) => lookup(host, { all: true }), mostAtOnce = 2): LookUp {
  const running = new Map<string, ReturnType<LookUp>>();
  const waiting: (() => void)[] = [];
  let free = mostAtOnce;
  const inTurn: LookUp = async (host) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await look(host);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
      running.delete(host);
    }
  };
  return (host) => {
    const found = running.get(host) ?? inTurn(host);
    running.set(host, found);
    return found;
  };
}
