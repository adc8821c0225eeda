import cluster, { type Worker } from 'node:cluster';
import type { Address } from '../http/address.ts';
import { Problem } from '../problem.ts';
import type { SamplePiece } from '../sample/request-sample.ts';
import type { ToPrimary, ToWorker, WorkerState } from './messages.ts';

/** How long a worker may take to begin, in milliseconds. */
const beginMs = 30_000;
/** How much longer than it may take to stop a worker lives at most. */
const killAfterMs = 1000;

/** How a worker ended; `error` when it could not even be started. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error?: unknown;
  readonly livedMs: number;
}

/** One worker of a crew, as the primary sees it. */
export interface Member {
  readonly name: string;
  /** Settles when it listens, or fails with why it cannot. */
  readonly listening: Promise<Address>;
  /** Settles when the process is gone and everything that it said was heard. Never fails. */
  readonly ended: Promise<Ending>;
  /** Whether it was told what to begin with; changes before that would stand on nothing. */
  readonly begun: boolean;
  readonly listens: boolean;
  /** How it was when it last said so. */
  readonly said: WorkerState | undefined;
  /** Whether it was told to stop. */
  readonly stopping: boolean;
  tell(message: ToWorker): void;
  /** Lets it end what it has begun, for `graceMs`, and waits until it is gone. */
  dismiss(graceMs: number): Promise<void>;
}

export interface MemberOptions {
  /** What it begins with, asked for when it is ready to hear. */
  readonly begin: () => Extract<ToWorker, { readonly kind: 'begin' }>;
  readonly onReading: (message: Extract<ToPrimary, { readonly kind: 'reading' }>) => void;
  readonly onCounted: (message: Extract<ToPrimary, { readonly kind: 'counted' }>) => void;
  readonly onSampled: (piece: SamplePiece) => void;
  readonly onDamaged: () => void;
  /** Called with why it ends, where it listened before. */
  readonly onFailed: (problem: Problem) => void;
}

/** Starts a process that runs this program with the same arguments. @throws when the system has none to spare. */
export function startMember(options: MemberOptions): Member {
  const worker = cluster.fork();
  const name = `worker ${worker.process.pid ?? 'without a process'}`;
  const state = { begun: false, listens: false, stopping: false };
  let said: WorkerState | undefined;
  const tell = (message: ToWorker): void => {
    // It may just be ending.
    if (worker.isConnected()) worker.send(message, () => {});
  };
  const ended = endingOf(worker);
  const listening = new Promise<Address>((resolve, reject) => {
    const late = setTimeout(() => worker.process.kill('SIGKILL'), beginMs);
    worker.on('message', (message: ToPrimary) => {
      switch (message.kind) {
        case 'ready':
          tell(options.begin());
          state.begun = true;
          return;
        case 'listening':
          clearTimeout(late);
          state.listens = true;
          resolve({ host: message.host, port: message.port });
          return;
        case 'failed': {
          const problem = new Problem(message.code, message.detail, message.mistakes);
          if (state.listens) options.onFailed(problem);
          reject(problem);
          return;
        }
        case 'reading':
          said = message.state;
          options.onReading(message);
          return;
        case 'counted':
          options.onCounted(message);
          return;
        case 'sampled':
          options.onSampled(message.piece);
          return;
        case 'damaged':
          options.onDamaged();
          return;
      }
    });
    void ended.then(({ code, signal, error }) => {
      clearTimeout(late);
      reject(error ?? new Error(`${name} ended with ${signal ?? code} before it answered`));
    });
  });
  // Whoever waits for it hears of it; nobody has to.
  listening.catch(() => {});
  return {
    name,
    listening,
    ended,
    get begun() {
      return state.begun;
    },
    get listens() {
      return state.listens;
    },
    get stopping() {
      return state.stopping;
    },
    get said() {
      return said;
    },
    tell,
    async dismiss(graceMs) {
      state.stopping = true;
      tell({ kind: 'stop', graceMs });
      const late = setTimeout(() => worker.process.kill('SIGKILL'), graceMs + killAfterMs);
      await ended;
      clearTimeout(late);
    },
  };
}

/** A process that could not be started has an error and no exit; one that was may still have something to say when it exits. */
function endingOf(worker: Worker): Promise<Ending> {
  const startedMs = performance.now();
  const livedMs = (): number => performance.now() - startedMs;
  return new Promise((resolve) => {
    let isStarted = false;
    worker.process.once('spawn', () => {
      isStarted = true;
    });
    worker.on('error', (error) => {
      if (!isStarted) resolve({ code: null, signal: null, error, livedMs: livedMs() });
    });
    worker.once('exit', (code: number | null, signal: string | null) => {
      const end = (): void => resolve({ code, signal, livedMs: livedMs() });
      if (worker.isConnected()) worker.once('disconnect', end);
      else end();
    });
  });
}
