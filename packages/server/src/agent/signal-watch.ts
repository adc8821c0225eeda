import type { Reading, SignalCondition } from 'sluice';
import { readingsFromMs } from '../app/conditions/readings-from-ms.ts';
import { signalKey } from '../app/conditions/signal-key.ts';
import { durationMs } from '../kinds/duration.ts';
import type { SignalBody } from '../kinds/signal.ts';
import type { Problem } from '../problem.ts';
import type { AgentApi, OutsideReading, OwnQuestion, SignalDefinition } from './agent-api.ts';
import { eachAlone } from './each-alone.ts';
import { ReadingHistory } from './reading-history.ts';

export interface SignalWatchOptions {
  readonly api: Pick<AgentApi, 'signals' | 'history' | 'report' | 'readOwn'>;
  /** Reads a signal outside, once. Never fails, and ends in time. */
  readonly readOutside: (body: SignalBody) => Promise<Reading>;
  readonly nowMs: () => number;
  /** How often the server's own counters are read. */
  readonly ownEveryMs: number;
  readonly onRead: (isKnown: boolean) => void;
  /** Gets what the server refuses to say of a signal, or to be told. */
  readonly onRefused: (problem: Problem) => void;
}

/** The signals that pending changes compare: each is read as often as it is to be, however many changes ask. */
export interface SignalWatch {
  /** Says which comparisons there are, and since when each is what it is. */
  want(comparisons: Iterable<{ readonly condition: SignalCondition; readonly sinceMs: number }>): void;
  /** Reads what is due and tells the server; answers the keys of the signals of which there is something new. */
  refresh(): Promise<ReadonlySet<string>>;
  readings(condition: SignalCondition): readonly Reading[];
  /** How often a signal that is read outside is read; where that is known. */
  everyMs(condition: SignalCondition): number | undefined;
}

const definitionsEveryMs = 30_000;
/** What was refused is asked for again so much later. */
const refusedMs = 60_000;
const mostAtOnce = 16;

/** One distinct signal. */
interface Wanted {
  readonly key: string;
  readonly condition: SignalCondition;
  readonly fromMs: number;
}

export function openSignalWatch(options: SignalWatchOptions): SignalWatch {
  const { api, nowMs, onRead, onRefused } = options;
  let wanted: ReadonlyMap<string, Wanted> = new Map();
  const histories = new Map<string, ReadingHistory>();
  let definitions: ReadonlyMap<string, SignalDefinition> = new Map();
  let definedAtMs = Number.NEGATIVE_INFINITY;
  let ownAtMs = Number.NEGATIVE_INFINITY;
  const readAtMs = new Map<string, number>();
  const running = new Set<string>();
  /** When the server refused something of a signal. */
  const refusedAtMs = new Map<string, number>();
  /** Read, and not yet told to the server: the newest of each. */
  const untold = new Map<string, OutsideReading>();

  /** Whether so much time has passed since; a clock that was set back does not have anything wait for it. */
  const isOver = (sinceMs: number | undefined, ms: number): boolean =>
    Math.abs(nowMs() - (sinceMs ?? Number.NEGATIVE_INFINITY)) >= ms;

  function refuse(key: string, problem: Problem): void {
    refusedAtMs.set(key, nowMs());
    onRefused(problem);
  }

  async function loadHistories(): Promise<Set<string>> {
    const loaded = new Set<string>();
    for (const { key, fromMs } of wanted.values()) {
      const known = histories.get(key);
      if ((known !== undefined && known.fromMs <= fromMs) || !isOver(refusedAtMs.get(key), refusedMs)) continue;
      const load = () => api.history(key, fromMs);
      const [history] = await eachAlone([key], load, refuse);
      if (history === undefined) continue;
      histories.set(key, new ReadingHistory(fromMs, history));
      loaded.add(key);
    }
    return loaded;
  }

  async function readOwn(): Promise<readonly string[]> {
    const own = [...wanted.values()].filter(
      ({ key, condition }) => condition.name === undefined && isOver(refusedAtMs.get(key), refusedMs),
    );
    if (own.length === 0 || !isOver(ownAtMs, options.ownEveryMs)) return [];
    ownAtMs = nowMs();
    const ask = (some: readonly Wanted[]) => api.readOwn(some.map(({ condition }) => questionOf(condition)));
    const found = await eachAlone(own, ask, ({ key }, problem) => refuse(key, problem));
    return own.flatMap(({ key }) => (found.some((answer) => note(key, answer.get(key))) ? [key] : []));
  }

  function note(key: string, reading: Reading | undefined): boolean {
    if (reading === undefined) return false;
    onRead(reading.value !== undefined);
    return histories.get(key)?.add(reading) ?? false;
  }

  async function define(): Promise<void> {
    const names = [...wanted.values()].flatMap(({ condition: { name } }) => (name === undefined ? [] : [name]));
    const isLacking = names.some((name) => !definitions.has(name));
    const isOld = isOver(definedAtMs, isLacking ? definitionsEveryMs / 10 : definitionsEveryMs);
    if (names.length === 0 || !isOld) return;
    definitions = new Map((await api.signals()).map((one) => [one.name, one]));
    definedAtMs = nowMs();
  }

  /** In the background: one that is slow must not hold up the others, nor what waits for a time only. */
  function readDue(): void {
    for (const { condition } of wanted.values()) {
      const definition = condition.name === undefined ? undefined : definitions.get(condition.name);
      if (definition === undefined || running.has(definition.name)) continue;
      if (!isOver(readAtMs.get(definition.name), durationMs(definition.body.every) ?? 0)) continue;
      if (running.size >= mostAtOnce) return;
      void read(definition);
    }
  }

  async function read({ name, version, body }: SignalDefinition): Promise<void> {
    running.add(name);
    readAtMs.set(name, nowMs());
    try {
      untold.set(name, { name, version, ...(await options.readOutside(body)) });
    } finally {
      running.delete(name);
    }
  }

  async function tell(): Promise<readonly string[]> {
    const readings = [...untold.values()];
    const refused = new Set<OutsideReading>();
    await eachAlone(readings, api.report, (reading, problem) => {
      refused.add(reading);
      untold.delete(reading.name);
      onRefused(problem);
    });
    const told = readings.filter((reading) => !refused.has(reading));
    return told.flatMap(({ name, version: _, ...reading }) => {
      if (untold.get(name)?.asOfMs === reading.asOfMs) untold.delete(name);
      const key = signalKey({ name });
      return note(key, reading) ? [key] : [];
    });
  }

  return {
    want(comparisons) {
      const found = new Map<string, Wanted>();
      for (const { condition, sinceMs } of comparisons) {
        const key = signalKey(condition);
        const fromMs = readingsFromMs(condition, nowMs(), sinceMs);
        const before = found.get(key);
        found.set(key, before === undefined || fromMs < before.fromMs ? { key, condition, fromMs } : before);
      }
      wanted = found;
      for (const key of histories.keys()) if (!found.has(key)) histories.delete(key);
      for (const key of refusedAtMs.keys()) if (!found.has(key)) refusedAtMs.delete(key);
      for (const name of untold.keys()) if (!found.has(signalKey({ name }))) untold.delete(name);
    },
    async refresh() {
      const news = await loadHistories();
      for (const key of await tell()) news.add(key);
      for (const key of await readOwn()) news.add(key);
      await define();
      readDue();
      return news;
    },
    readings: (condition) => histories.get(signalKey(condition))?.readings ?? [],
    everyMs({ name }) {
      const every = name === undefined ? undefined : definitions.get(name)?.body.every;
      return every === undefined ? undefined : durationMs(every);
    },
  };
}

/** What is asked, without what is said of the answer. */
function questionOf({ uptake, offers, checks, events, crashes }: SignalCondition): OwnQuestion {
  return {
    ...(uptake !== undefined && { uptake }),
    ...(offers !== undefined && { offers }),
    ...(checks !== undefined && { checks }),
    ...(events !== undefined && { events }),
    ...(crashes !== undefined && { crashes }),
  };
}
