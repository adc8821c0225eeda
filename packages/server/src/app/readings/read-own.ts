import type { Reading, SignalCondition } from 'sluice';
import { type Counted, type OwnSignal, type OwnSignalName, ownSignalNames } from '../../signal.ts';
import type { Moment } from '../changes/desk.ts';
import { signalKey } from '../conditions/signal-key.ts';
import { countedOf } from './counted-of.ts';

/** Which of our own counters is asked what. */
export type OwnQuery = Pick<SignalCondition, OwnSignalName>;

/** What was read in one transaction. */
interface Read {
  readonly counted: Promise<Counted>;
  readonly readings: Map<string, Promise<Reading>>;
}

const readIn = new WeakMap<Moment['tx'], Read>();

/** Reads one of our own counters, each question once in a transaction. What cannot be known is a reading without a value. */
export async function readOwn(moment: Moment, query: OwnQuery): Promise<Reading> {
  const name = ownSignalNames.find((one) => query[one] !== undefined);
  const signal = moment.ownSignals?.find((one) => one.name === name);
  if (name === undefined || signal === undefined) {
    return { asOfMs: moment.nowMs, note: `${name ?? 'this'} cannot be read here` };
  }
  const read = readOf(moment);
  const key = signalKey(query);
  const known = read.readings.get(key) ?? readWith(signal, query, await read.counted, moment.nowMs);
  read.readings.set(key, known);
  return known;
}

/** Our own counters, as this transaction sees them; looked up once. */
export function countersIn(moment: Moment): Promise<Counted> {
  return readOf(moment).counted;
}

function readOf(moment: Moment): Read {
  const read = readIn.get(moment.tx) ?? { counted: countedOf(moment), readings: new Map() };
  readIn.set(moment.tx, read);
  return read;
}

async function readWith({ name, read }: OwnSignal, query: OwnQuery, counted: Counted, nowMs: number): Promise<Reading> {
  const reading = await read(query[name] as never, counted);
  // Where nothing was ever counted there is no time of the counts either.
  return counted.throughMs === undefined ? { ...reading, asOfMs: nowMs } : reading;
}
