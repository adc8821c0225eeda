import type { Logger } from 'pino';
import { type Assembled, type Assembly, openAssembly } from '../app/assemble-snapshot.ts';
import { takeEveryMs } from '../counting/take-every-ms.ts';
import { type Taking, takeInBins } from '../counting/take-in-bins.ts';
import { Tally } from '../counting/tally.ts';
import type { OpenListener } from '../http/public-listener.ts';
import { Meter } from '../metrics/meter.ts';
import { Problem } from '../problem.ts';
import { openSample, type RequestSample } from '../sample/request-sample.ts';
import { ReleaseShelf } from '../snapshot/release-shelf.ts';
import { snapshotFolder } from '../snapshot/snapshot-folder.ts';
import { openAnswering } from './answering.ts';
import type { Checks, ToPrimary, ToWorker } from './messages.ts';
import type { NodeParts } from './node-parts.ts';
import { openLog } from './open-log.ts';

/** How often a worker tells what it has counted, in milliseconds: what is lost with one that dies. */
const readingEveryMs = 1000;
/** How often a worker tells of request lines that it has come to keep, in milliseconds, and of how many at once. */
const sampledEveryMs = 2000;
const sampledAtOnce = 500;

/** What a worker has from the program; all else it is told by its primary. */
export type WorkerParts = Pick<NodeParts, 'faces' | 'version' | 'nowMs'>;

/** Answers clients with what the primary tells, until it says to stop. */
export async function runWorker(parts: WorkerParts): Promise<void> {
  const tell = (message: ToPrimary): Promise<void> =>
    new Promise((resolve) => {
      // The primary may be gone, and this process goes with it.
      if (process.connected) process.send?.(message, () => resolve());
      else resolve();
    });
  const meter = new Meter();
  const tally = new Tally();
  let log: Logger | undefined;
  let assembly: Assembly | undefined;
  let drainMs = 0;
  let checks: Checks = { store: 'ok', snapshot: 'ok', disk: 'ok' };
  let listener: OpenListener | undefined;
  let sample: RequestSample | undefined;
  let taking: Taking | undefined;
  let counted = Promise.resolve();

  const tellReading = (): Promise<void> =>
    tell({
      kind: 'reading',
      reading: meter.read(),
      state: {
        memoryBytes: process.memoryUsage.rss(),
        certificateExpiresAtMs: listener?.certificateExpiresAtMs(),
      },
    });
  const tellSampled = async (): Promise<void> => {
    const piece = sample?.news(sampledAtOnce);
    if (piece !== undefined) await tell({ kind: 'sampled', piece });
  };
  const begin = async ({ config, changes, port, seed }: Extract<ToWorker, { kind: 'begin' }>): Promise<void> => {
    drainMs = config.drainMs;
    log = openLog(config);
    const shelf = new ReleaseShelf({
      folder: snapshotFolder(config.data).releases,
      memoryBytes: config.releaseMemoryMb * 1024 * 1024,
      onRead: (bytes, seconds) => meter.releaseRead(bytes, seconds),
    });
    const opened = openAssembly(shelf);
    opened.adopt(changes);
    assembly = opened;
    sample = openSample(config.previewLines, seed);
    taking = takeInBins({
      binMs: config.counters.binSeconds * 1000,
      everyMs: takeEveryMs(config.counters),
      nowMs: parts.nowMs,
      take: (binMs, throughMs) => {
        counted = tell({ kind: 'counted', counts: tally.take(binMs), throughMs });
      },
    });
    const { host, port: wanted } = config.public;
    listener = await openAnswering({
      ...parts,
      config: { ...config, public: { host, port: wanted === 0 && port !== undefined ? port : wanted } },
      log,
      meter,
      tally,
      sample,
      assembled: () => opened.assembled() as Assembled,
      checks: () => checks,
      onDamaged: () => void tell({ kind: 'damaged' }),
    });
    setInterval(() => void tellReading(), readingEveryMs).unref();
    setInterval(() => void tellSampled(), sampledEveryMs).unref();
    await tell({ kind: 'listening', host: listener.host, port: listener.port });
  };
  let stopping = false;
  const stop = async (graceMs: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await listener?.close(graceMs);
    await tellSampled();
    await tellReading();
    taking?.take();
    await counted;
    if (process.connected) process.disconnect();
  };
  const hear = async (message: ToWorker): Promise<void> => {
    switch (message.kind) {
      case 'begin':
        checks = message.checks;
        return begin(message);
      case 'changes':
        assembly?.adopt(message.changes);
        return;
      case 'checks':
        checks = message.checks;
        return;
      case 'stop':
        return stop(message.graceMs);
    }
  };
  const fail = async (error: unknown): Promise<void> => {
    if (error instanceof Problem) {
      const { code, detail, mistakes } = error;
      await tell({ kind: 'failed', code, detail, mistakes });
    } else log?.fatal({ err: error }, 'a bug: this worker ends');
    process.exit(1);
  };
  process.on('message', (message: ToWorker) => void hear(message).catch(fail));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(drainMs));
  // The primary restarts its workers; a terminal that closes tells all of them.
  process.on('SIGHUP', () => listener?.reloadCertificate());
  await tell({ kind: 'ready' });
  await new Promise<void>((resolve) => process.once('disconnect', resolve));
}
