import cluster from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from '../backoff.ts';
import type { OpenCounting } from '../counting/open-counting.ts';
import type { Workers } from '../health.ts';
import type { Address } from '../http/address.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';
import type { SamplePiece } from '../sample/request-sample.ts';
import { type Ending, type Member, startMember } from './member.ts';
import type { ToWorker } from './messages.ts';

/** The worker processes of a node, as its primary sees them. */
export interface Crew {
  /** Where they listen, as soon as all of them do. @throws Problem when one cannot begin; all are then gone. */
  readonly listening: Promise<Address>;
  tell(message: Extract<ToWorker, { readonly kind: 'changes' | 'checks' }>): void;
  /**
   * Replaces all workers by so many new ones, one after another, each old one going when a new one answers. When a new
   * one cannot begin, `undo` is called, those that came before it are replaced once more, and the others stay.
   */
  restart(wanted: number, undo: () => void): Promise<void>;
  workers(): Workers;
  /** Until when the certificate is valid that is shown; the first to end, where they differ. */
  certificateExpiresAtMs(): number | undefined;
  close(): Promise<void>;
}

export interface CrewOptions {
  readonly wanted: number;
  /** How long a worker that is told to stop may take, in milliseconds. */
  readonly drainMs: () => number;
  readonly log: Logger;
  /** What a worker begins with. */
  readonly begin: () => Omit<Extract<ToWorker, { readonly kind: 'begin' }>, 'kind' | 'port'>;
  readonly onReading: (worker: string, reading: MeterReading) => void;
  readonly counting: Pick<OpenCounting, 'begin' | 'take' | 'end'>;
  readonly onSampled: (piece: SamplePiece) => void;
  readonly onGone: (worker: string) => void;
  readonly onDamaged: () => void;
}

/** Pauses before a worker is replaced that ended soon after it began. */
const range = { leastMs: 50, mostMs: 5000 };
const soonMs = 5000;

/** Starts the workers; each runs this program with the same arguments. */
export function openCrew(crew: CrewOptions): Crew {
  const { log, drainMs, begin, onReading, counting, onSampled, onGone, onDamaged, ...options } = crew;
  const members = new Set<Member>();
  let { wanted } = options;
  let restarted = 0;
  let failures = 0;
  let closing = false;
  let isRestarting = false;
  let isReconciling = false;
  let address: Address | undefined;
  // Workers that ask for any port share one, for as long as one of them lives; after that it must be asked for by name.
  let fixedPort: number | undefined;

  const staying = (): readonly Member[] => [...members].filter(({ stopping }) => !stopping);

  const recruit = (): Member => {
    const member = startMember({
      begin: () => {
        counting.begin(member.name);
        return { kind: 'begin', port: fixedPort, ...begin() };
      },
      onReading: ({ reading }) => onReading(member.name, reading),
      onCounted: ({ counts, throughMs }) => counting.take(member.name, counts, throughMs),
      onSampled,
      onDamaged,
      onFailed: (err) => log.error({ err, worker: member.name }, 'a worker ends'),
    });
    members.add(member);
    void member.ended.then((ending) => onEnded(member, ending));
    return member;
  };
  const onEnded = (member: Member, { code, signal, livedMs }: Ending): void => {
    members.delete(member);
    if (members.size === 0) fixedPort = address?.port;
    onGone(member.name);
    counting.end(member.name);
    if (member.stopping || closing) return;
    failures = livedMs < soonMs ? failures + 1 : 0;
    restarted += 1;
    log.error({ worker: member.name, code, signal }, 'a worker ended and is replaced');
    reconcile();
  };
  const dismiss = (member: Member): Promise<void> => member.dismiss(drainMs());

  const recruitOne = async (): Promise<void> => {
    try {
      await recruit().listening;
    } catch (err) {
      failures += 1;
      log.error({ err }, 'a worker could not begin');
    }
  };
  /** Sees to it that there are as many workers as are wanted, whatever became of those that there were. */
  const settle = async (): Promise<void> => {
    while (!closing && !isRestarting && staying().length !== wanted) {
      if (failures > 0) await pause(backoffMs(failures, Math.random, range));
      if (closing || isRestarting) return;
      const missing = wanted - staying().length;
      await Promise.all([
        ...Array.from({ length: Math.max(0, missing) }, recruitOne),
        ...staying().slice(0, Math.max(0, -missing)).map(dismiss),
      ]);
    }
  };
  const reconcile = (): void => {
    if (isReconciling) return;
    isReconciling = true;
    void settle().finally(() => {
      isReconciling = false;
      // One may have ended in the same breath.
      if (!closing && !isRestarting && staying().length !== wanted) reconcile();
    });
  };

  /** Puts `count` new workers in the place of `old` ones. Those that listen are added to `fresh` as they come. */
  const replaceAll = async (old: readonly Member[], count: number, fresh: Member[]): Promise<void> => {
    for (let i = 0; i < Math.max(count, old.length) && !closing; i += 1) {
      if (i < count) {
        const member = recruit();
        address = await member.listening;
        fresh.push(member);
      }
      const next = old[i];
      if (next !== undefined) await dismiss(next);
    }
  };
  const restart = async (count: number, undo: () => void): Promise<void> => {
    const fresh: Member[] = [];
    isRestarting = true;
    try {
      await replaceAll(staying(), count, fresh);
      wanted = count;
    } catch (error) {
      undo();
      await replaceAll(fresh, fresh.length, []).catch((err: unknown) => log.error({ err }, 'a worker could not begin'));
      throw error;
    } finally {
      isRestarting = false;
      reconcile();
    }
  };
  const close = async (): Promise<void> => {
    closing = true;
    await Promise.all([...members].map(dismiss));
  };
  const start = async (): Promise<Address> => {
    try {
      const addresses = await Promise.all(Array.from({ length: wanted }, () => recruit().listening));
      address = addresses[0] as Address;
      return address;
    } catch (error) {
      await close();
      throw error;
    }
  };

  // A terminal and a supervisor tell the workers too, which then end before this process comes to tell them.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      closing = true;
    });
  }
  // Each takes connections by itself. If the primary dealt them out, one that was on its way to a worker that dies would
  // stay open and never be answered.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  let restarting: Promise<unknown> = Promise.resolve();
  return {
    listening: start(),
    tell(message) {
      for (const member of members) if (member.begun) member.tell(message);
    },
    restart(count, undo) {
      const done = restarting.then(() => restart(count, undo));
      restarting = done.catch(() => {});
      return done;
    },
    workers: () => ({
      wanted,
      running: staying().filter(({ listens }) => listens).length,
      restarted,
      memoryBytes: staying().flatMap(({ said }) => said?.memoryBytes ?? []),
    }),
    certificateExpiresAtMs() {
      const ends = staying().flatMap(({ said }) => said?.certificateExpiresAtMs ?? []);
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
    close,
  };
}
