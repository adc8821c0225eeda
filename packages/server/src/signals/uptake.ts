import type { UptakeQuery } from 'sluice';
import type { CountEvent } from '../count.ts';
import type { Counted, OwnSignal } from '../signal.ts';
import { checkPlanOf } from './check-plan.ts';
import { type Found, overWindow, type Window } from './over-window.ts';
import { toldDuration } from './told-duration.ts';
import { whyHidden } from './why-hidden.ts';
import { whyImplausible } from './why-implausible.ts';
import { whyMixed } from './why-mixed.ts';

const dayMs = 86_400_000;

/**
 * How many installs run a version. Lines carry no ids, so it is an estimate: who checks once in each interval is counted as
 * often as intervals fit into the window. Forced checks do not follow the interval and are left out.
 */
export const uptake: OwnSignal<'uptake'> = {
  name: 'uptake',
  summary: 'how many installs run a version, estimated from update checks, or as telemetry reports it',
  read: (query, counted) => (query.from === 'telemetry' ? fromTelemetry(query, counted) : fromChecks(query, counted)),
};

async function fromChecks(query: UptakeQuery, counted: Counted) {
  const plan = await checkPlanOf(counted, query.product);
  const { intervalMs = dayMs } = plan ?? {};
  return overWindow(counted, { said: query.window, usualMs: intervalMs, leastMs: intervalMs }, async (window) => {
    const why = whyHidden(query.product, plan, window) ?? (await whyMixed(counted, placeOf(query), window));
    if (why !== undefined) return { note: why };
    return estimate(query, counted, window, { event: 'check', intervalMs, word: 'update checks' });
  });
}

/** Each install reports once a day that it is active. */
function fromTelemetry(query: UptakeQuery, counted: Counted) {
  return overWindow(counted, { said: query.window, usualMs: dayMs, leastMs: dayMs }, async (window) => {
    // A percentage rests on what is reported of the other versions too.
    for (const version of query.as === 'percent' ? [query.version, undefined] : [query.version]) {
      const why = await whyImplausible(counted, { ...placeOf(query), version, event: 'active-today' }, window);
      if (why !== undefined) return { note: why };
    }
    return estimate(query, counted, window, {
      event: 'active-today',
      intervalMs: dayMs,
      word: 'reports of active installs',
    });
  });
}

interface Sighting {
  readonly event: CountEvent;
  /** How often an install is seen by it. */
  readonly intervalMs: number;
  readonly word: string;
}

async function estimate(
  query: UptakeQuery,
  counted: Counted,
  { fromMs, toMs, lastsMs }: Window,
  { event, intervalMs, word }: Sighting,
): Promise<Found> {
  const { version, as = 'count' } = query;
  const all = { ...placeOf(query), events: [event], fromMs, toMs };
  const seen = await counted.sum(all);
  if (seen === 0) return { note: `no ${word} at all in ${toldDuration(lastsMs)}` };
  const ofVersion = await counted.sum({ ...all, version });
  const rests = `${ofVersion} of ${seen} ${word} in ${toldDuration(lastsMs)} were of version ${version}`;
  if (as === 'percent') return { value: (ofVersion / seen) * 100, note: `an estimate: ${rests}` };
  const value = (ofVersion * intervalMs) / lastsMs;
  return { value, note: `an estimate: ${rests}, and an install makes one in ${toldDuration(intervalMs)}` };
}

function placeOf({ product, channel }: UptakeQuery) {
  return { product, channel };
}
