import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { StoredReading } from '../../signal.ts';
import { atMoment, type Caller, type Changing, type Moment } from '../changes/desk.ts';
import { signalKey } from '../conditions/signal-key.ts';
import { keepReadings } from './keep-readings.ts';
import { countersIn, type OwnQuery, readOwn } from './read-own.ts';
import { placesOfQuery } from './signal-places.ts';

/**
 * Reads our own counters, each question once, and writes down what is newer than before. One that was read as of the same time
 * already is not read again. Answers the readings by their keys.
 * @throws Problem `not-allowed` where one of them is about what the caller may not report
 */
export async function reportOwn(
  changing: Changing,
  caller: Caller,
  queries: readonly OwnQuery[],
): Promise<ReadonlyMap<string, StoredReading>> {
  const by = principalText(caller.principal);
  const read = await atMoment(changing, async (moment) => {
    for (const query of queries) refuseUnlessAllowed(moment, caller, query);
    const questions = new Map(queries.map((query) => [signalKey(query), query]));
    const { throughMs } = await countersIn(moment);
    const newest = await moment.tx.newestReadings([...questions.keys()]);
    const found = new Map(newest.filter(({ asOfMs }) => asOfMs === throughMs).map((one) => [one.signal, one]));
    const news: StoredReading[] = [];
    for (const [signal, query] of questions) {
      if (found.has(signal)) continue;
      const reading = { ...(await readOwn(moment, query)), signal, atMs: moment.nowMs, by };
      found.set(signal, reading);
      news.push(reading);
    }
    return { found, news };
  });
  // Writers wait for each other, so whoever has nothing to write asks for no turn.
  if (read.news.length > 0) await changing.store.write((tx) => keepReadings(tx, read.news));
  return read.found;
}

function refuseUnlessAllowed({ current }: Moment, { principal, scopes }: Caller, query: OwnQuery): void {
  const target = { kind: 'signal', reaches: placesOfQuery(query) } as const;
  if (current.access.may(principal, 'report', target, scopes)) return;
  throw new Problem('not-allowed', `${principal.name} may not report ${signalKey(query)}`);
}
