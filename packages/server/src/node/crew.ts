import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from '../backoff.ts';
import type { Config } from '../config.ts';
import type { Workers } from '../health.ts';
import type { Address } from '../http/address.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';
import { Problem } from '../problem.ts';
import type { StoreChanges } from '../store.ts';
import type { Checks, ToPrimary, ToWorker } from './messages.ts';

/** The worker processes of a node, as its primary sees them. */
export interface Crew {
  /** Where they listen, as soon as all of them do. @throws Problem when one cannot begin; all are then gone. */
  readonly listening: Promise<Address>;
  tell(message: Extract<ToWorker, { readonly kind: 'changes' | 'checks' }>): void;
  /** Replaces all workers by so many new ones, one after another, each old one going when a new one answers. */
  restart(wanted: number): Promise<void>;
  workers(): Workers;
  close(): Promise<void>;
}

export interface CrewOptions {
  readonly wanted: number;
  /** How long a worker that is told to stop may take, in milliseconds. */
  readonly drainMs: () => number;
  readonly log: Logger;
  /** What a worker begins with. */
  readonly begin: () => { readonly config: Config; readonly changes: StoreChanges; readonly checks: Checks };
  readonly onReading: (worker: string, reading: MeterReading) => void;
  readonly onGone: (worker: string) => void;
  readonly onDamaged: () => void;
}

/** Pauses before a worker is replaced that ended soon after it began. */
const range = { leastMs: 50, mostMs: 5000 };
const soonMs = 5000;
/** How long a worker may take to begin, in milliseconds. */
const beginMs = 30_000;
/** How much longer than it may take to stop a worker lives at most. */
const killAfterMs = 1000;

interface Member {
  readonly worker: Worker;
  readonly name: string;
  /** Settles when it listens, or fails with why it cannot. */
  readonly listening: Promise<Address>;
  readonly gone: Promise<unknown>;
  /** Whether it was told what to begin with; changes before that would stand on nothing. */
  begun: boolean;
  listens: boolean;
  stopping: boolean;
}

/** Starts the workers; each runs this program with the same arguments. */
export function openCrew(options: CrewOptions): Crew {
  const { log, drainMs, onReading, onGone, onDamaged } = options;
  const members = new Set<Member>();
  let { wanted } = options;
  let restarted = 0;
  let failures = 0;
  let closing = false;
  let address: Address | undefined;
  // Workers that ask for any port share one, for as long as one of them lives; after that it must be asked for by name.
  let fixedPort: number | undefined;

  const recruit = (): Member => {
    const worker = cluster.fork();
    const name = `worker ${worker.process.pid}`;
    const startedMs = performance.now();
    const listening = new Promise<Address>((resolve, reject) => {
      const late = setTimeout(() => worker.process.kill('SIGKILL'), beginMs);
      worker.on('message', (message: ToPrimary) => {
        switch (message.kind) {
          case 'ready':
            send(worker, { kind: 'begin', port: fixedPort, ...options.begin() });
            member.begun = true;
            return;
          case 'listening':
            clearTimeout(late);
            member.listens = true;
            resolve(message);
            return;
          case 'failed':
            reject(new Problem(message.code, message.detail, message.mistakes));
            return;
          case 'reading':
            onReading(name, message.reading);
            return;
          case 'damaged':
            onDamaged();
            return;
        }
      });
      worker.once('exit', (code, signal) => {
        clearTimeout(late);
        reject(new Error(`${name} ended with ${signal ?? code} before it answered`));
      });
    });
    listening.catch(() => {});
    const member: Member = {
      worker,
      name,
      listening,
      gone: once(worker, 'exit'),
      begun: false,
      listens: false,
      stopping: false,
    };
    members.add(member);
    worker.on('error', (err) => log.error({ err, worker: name }, 'a worker cannot be reached'));
    worker.once('exit', (code, signal) => {
      members.delete(member);
      if (members.size === 0) fixedPort = address?.port;
      onGone(name);
      if (member.stopping || closing) return;
      failures = performance.now() - startedMs < soonMs ? failures + 1 : 0;
      restarted += 1;
      log.error({ worker: name, code, signal }, 'a worker ended and is replaced');
      void replace(failures);
    });
    return member;
  };
  const replace = async (failed: number): Promise<void> => {
    if (failed > 0) await pause(backoffMs(failed, Math.random, range));
    if (closing || running() >= wanted) return;
    await recruit().listening.catch((err: unknown) => log.error({ err }, 'a worker could not begin'));
  };
  const answering = (): number => [...members].filter(({ listens, stopping }) => listens && !stopping).length;
  const running = (): number => [...members].filter(({ stopping }) => !stopping).length;
  const dismiss = async (member: Member): Promise<void> => {
    member.stopping = true;
    const graceMs = drainMs();
    send(member.worker, { kind: 'stop', graceMs });
    const late = setTimeout(() => member.worker.process.kill('SIGKILL'), graceMs + killAfterMs);
    await member.gone;
    clearTimeout(late);
  };

  const close = async (): Promise<void> => {
    closing = true;
    await Promise.all([...members].map(dismiss));
  };
  let restarting: Promise<void> = Promise.resolve();
  const restart = async (now: number): Promise<void> => {
    const old = [...members].filter(({ stopping }) => !stopping);
    for (let i = 0; i < Math.max(now, old.length) && !closing; i += 1) {
      if (i < now) address = await recruit().listening;
      wanted = now;
      const next = old[i];
      if (next !== undefined) await dismiss(next);
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
  const begin = async (): Promise<Address> => {
    try {
      const addresses = await Promise.all(Array.from({ length: wanted }, () => recruit().listening));
      address = addresses[0] as Address;
      return address;
    } catch (error) {
      await close();
      throw error;
    }
  };
  return {
    listening: begin(),
    tell(message) {
      for (const { worker, begun } of members) if (begun) send(worker, message);
    },
    restart(now) {
      restarting = restarting.then(() => restart(now));
      return restarting.catch((error: unknown) => {
        restarting = Promise.resolve();
        throw error;
      });
    },
    workers: () => ({ wanted, running: answering(), restarted }),
    close,
  };
}

function send(worker: Worker, message: ToWorker): void {
  // It may just be ending.
  if (worker.isConnected()) worker.send(message, () => {});
}
