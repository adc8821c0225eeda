import type { Logger } from 'pino';
import type { AgentSettings } from '../agent-settings.ts';
import { backoffMs } from '../backoff.ts';
import { Problem } from '../problem.ts';
import { waitFor } from '../wait-for.ts';
import { Acting } from './acting.ts';
import type { AgentApi } from './agent-api.ts';
import { type AgentMeter, openAgentMeter } from './agent-meter.ts';
import { openForecast } from './forecast.ts';
import { LookOut } from './look-out.ts';
import { openMirror } from './mirror.ts';
import { openSignalWatch, type SignalWatchOptions } from './signal-watch.ts';
import { Telling } from './telling.ts';

export interface AgentOptions {
  readonly api: AgentApi;
  readonly settings: Pick<AgentSettings, 'passMs' | 'ownEveryMs' | 'leaseSeconds'>;
  /** Reads a signal outside, once. Never fails, and ends in time. */
  readonly readOutside: SignalWatchOptions['readOutside'];
  /** The clock of the server, as far as it is known. */
  readonly nowMs: () => number;
  readonly draw: () => number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** How an agent is. */
export interface AgentHealth {
  readonly isReady: boolean;
  /** Why it is not. */
  readonly trouble?: string;
  readonly pending: number;
  /** When it last saw what there is, in milliseconds since 1970; absent before the first time. */
  readonly seenAtMs?: number;
}

/** An agent that runs. */
export interface OpenAgent {
  readonly meter: AgentMeter;
  health(): AgentHealth;
  /** Ends what is under way, and gives back what it has claimed. */
  stop(): Promise<void>;
}

const awayRange = { leastMs: 250, mostMs: 2000 } as const;
const shutOutMs = 15_000;
const leastPauseMs = 20;
/** By less than this a clock is only told more exactly. */
const setBackMs = 2000;

/** Starts an agent: it looks at what is pending, judges it, and asks the server to enact what is due. */
export function openAgent(options: AgentOptions): OpenAgent {
  const { api, settings, nowMs, draw, log } = options;
  const ending = new AbortController();
  const mirror = openMirror(api, nowMs);
  let failures = 0;
  let trouble: string | undefined = 'it has not seen what is pending yet';
  let seenAtMs: number | undefined;
  let isReading = false;

  const meter = openAgentMeter(
    () => ({
      isReady: trouble === undefined,
      pending: mirror.pending.size,
      oldestReadyAtMs: lookOut.oldestReadyAtMs(),
    }),
    nowMs,
  );
  const watch = openSignalWatch({
    api,
    readOutside: options.readOutside,
    nowMs,
    ownEveryMs: settings.ownEveryMs,
    onRead: (isKnown) => meter.readSignal(isKnown),
    onRefused: (err) => log.warn({ err }, 'the server refuses something of a signal'),
  });
  const lookOut = new LookOut({
    nowMs,
    stateOf: (id) => mirror.stateOf(id),
    readings: (signal) => watch.readings(signal),
    everyMs: (signal) => watch.everyMs(signal),
    forecast: openForecast(nowMs),
    onJudged: (truth) => meter.judged(truth),
  });
  const onTrouble = (err: unknown): void => log.warn({ err }, 'the server could not be told of something');
  const acting = new Acting({
    api,
    lookOut,
    nowMs,
    leaseMs: settings.leaseSeconds * 1000,
    draw,
    onOutcome(outcome, candidate) {
      meter.attempted(outcome, candidate, nowMs());
      const { id } = candidate.change;
      if (outcome.kind === 'enacted') log.info({ change: id }, 'enacted');
      if (outcome.kind === 'failed') log.warn({ change: id, problem: outcome.problem }, 'a change has failed');
      if (outcome.kind === 'trouble') {
        const { problem, detail } = outcome;
        log.warn({ change: id, problem, detail }, 'a change could not be enacted and is tried again');
      }
    },
    onTrouble,
  });
  const telling = new Telling({ api, lookOut, nowMs, onTrouble });

  /** Reading takes as long as it takes: what waits for a time only does not wait for it. */
  function readSignals(): void {
    if (isReading) return;
    isReading = true;
    void watch
      .refresh()
      .then((news) => lookOut.wake({ signals: news }))
      .catch((err: unknown) => log.warn({ err }, 'signals could not be read, or not be told to the server'))
      .finally(() => {
        isReading = false;
      });
  }

  /** Moments of before a clock was set back would be waited for too long. */
  function heedClock(): void {
    if (seenAtMs === undefined || nowMs() >= seenAtMs - setBackMs) return;
    log.warn({ byMs: seenAtMs - nowMs() }, 'the clock of the server was set back');
    lookOut.beginAnew();
    acting.beginAnew();
  }

  async function look(): Promise<void> {
    const { altered, gone, states } = await mirror.refresh();
    for (const id of gone) lookOut.remove(id);
    for (const id of altered) {
      const change = mirror.pending.get(id);
      if (change !== undefined) lookOut.put(change);
    }
    lookOut.wake({ changes: states });
    if (altered.length > 0 || gone.length > 0) watch.want(lookOut.comparisons());
    readSignals();
    heedClock();
    const candidates = lookOut.candidates();
    seenAtMs = nowMs();
    await acting.act(candidates);
    telling.tell(candidates);
  }

  /** Looks once, and answers how long to wait before the next time. */
  async function pass(): Promise<number> {
    const began = performance.now();
    try {
      await look();
      meter.passed('ok', (performance.now() - began) / 1000);
      if (trouble !== undefined) log.info('watching what is pending');
      trouble = undefined;
      failures = 0;
      const next = Math.max(lookOut.nextMs(), acting.notBeforeMs) - nowMs();
      return Math.min(settings.passMs, Math.max(leastPauseMs, next));
    } catch (error) {
      meter.passed('failed', (performance.now() - began) / 1000);
      const isShutOut = error instanceof Problem && ['sign-in-needed', 'not-allowed'].includes(error.code);
      const sentence = isShutOut
        ? 'the server does not let this agent in: nothing is enacted until its token is renewed'
        : 'the server cannot be asked; nothing is enacted until it can';
      if (failures === 0) log[isShutOut ? 'error' : 'warn']({ err: error }, sentence);
      trouble = `${sentence}: ${error instanceof Error ? error.message : String(error)}`;
      failures += 1;
      return isShutOut ? shutOutMs : backoffMs(Math.min(failures - 1, 10), draw, awayRange);
    }
  }

  const running = (async () => {
    while (!ending.signal.aborted) await waitFor(await pass(), ending.signal);
  })();

  return {
    meter,
    health: () => ({
      isReady: trouble === undefined,
      ...(trouble !== undefined && { trouble }),
      pending: mirror.pending.size,
      ...(seenAtMs !== undefined && { seenAtMs }),
    }),
    async stop() {
      ending.abort();
      await acting.stop();
      await running;
    },
  };
}
