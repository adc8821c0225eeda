import { type Assembled, type Assembly, changesOf, openAssembly } from '../app/assemble-snapshot.ts';
import { makeSalt } from '../app/draw-ticket.ts';
import { followSource } from '../app/follow-source.ts';
import { keepSnapshot } from '../app/keep-snapshot.ts';
import type { Preview } from '../app/preview/preview.ts';
import type { Config } from '../config.ts';
import { openCounting } from '../counting/open-counting.ts';
import type { BringBatch } from '../counting/send-counts.ts';
import { Tally } from '../counting/tally.ts';
import type { Health } from '../health.ts';
import type { Address } from '../http/address.ts';
import type { OpenListener } from '../http/public-listener.ts';
import { MergedReadings } from '../metrics/merged-readings.ts';
import { Meter } from '../metrics/meter.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';
import { openSample } from '../sample/request-sample.ts';
import type { SampledLine } from '../sample/sampled-line.ts';
import { ReleaseShelf } from '../snapshot/release-shelf.ts';
import { snapshotFolder } from '../snapshot/snapshot-folder.ts';
import type { Source } from '../source.ts';
import { openAnswering } from './answering.ts';
import { checksOf, plainChecks, tellChecks } from './checks.ts';
import { type Crew, openCrew } from './crew.ts';
import { adoptKept, loadKept } from './load-kept.ts';
import type { NodeParts } from './node-parts.ts';
import { openPreviewing } from './previewing.ts';
import { tellWhatNeedsAStart } from './tell-what-needs-a-start.ts';

/** A node that answers. */
export interface OpenNode {
  readonly listener: Address;
  readonly scheme: 'http' | 'https';
  readonly shelf: ReleaseShelf;
  readonly assembly: Assembly;
  readonly readings: MergedReadings;
  health(): Health;
  /** Everything that was counted, by the workers and by whoever reports here. */
  reading(): MeterReading;
  /** Request lines that were asked here lately, in random order. */
  sample(): readonly SampledLine[];
  /** Says what edits would do to what these lines get. */
  readonly preview: Preview;
  /** Calls `onMark` for each new snapshot, until the function that it answers with is called. */
  watch(onSnapshot: (assembled: Assembled) => void): () => void;
  /** The configuration that those who answer were given last. */
  config(): Config;
  /** Has everything fetched anew: something of it was lost. */
  refetch(): void;
  /** Takes over what of the configuration can be while it runs. */
  reload(config: Config): Promise<void>;
}

const troubles = {
  store: 'the database is in trouble; the last revision goes on being served',
  edge: 'the node that is followed is in trouble; the last revision goes on being served',
} as const;

export interface NodeOptions extends NodeParts {
  /** Opens where the node learns what to serve. */
  readonly openSource: (shelf: ReleaseShelf) => Source;
  readonly everyMs: number;
  /** Where what is counted is brought. */
  readonly bringCounts: BringBatch;
  /** Gets what ends each part, in the order in which they were opened, also when the next one fails. */
  readonly closers: (() => unknown)[];
}

/**
 * Starts a node: takes what is kept on the disk, follows the source, keeps what comes, and answers clients, by itself or
 * through workers.
 * @throws Problem when there is nothing to serve, or an address is taken.
 */
export async function openNode(options: NodeOptions): Promise<OpenNode> {
  const { log, nowMs, closers } = options;
  let { config } = options;
  // What a worker begins with: the last configuration with which one could.
  let handed = config;
  const meter = new Meter();
  const tally = new Tally();
  const seed = makeSalt();
  const sample = openSample(config.previewLines, seed);
  const readings = new MergedReadings();
  const folder = snapshotFolder(config.data);
  const shelf = new ReleaseShelf({
    folder: folder.releases,
    memoryBytes: config.releaseMemoryMb * 1024 * 1024,
    onTrouble: (err) => log.error({ err }, 'a release cannot be written to the disk and stays in memory'),
    onRead: (bytes, seconds) => meter.releaseRead(bytes, seconds),
  });
  const assembly = openAssembly(shelf);
  const watchers = new Set<(assembled: Assembled) => void>();
  const assembled = (): Assembled => assembly.assembled() as Assembled;
  let listener: Address | undefined;
  let answering: OpenListener | undefined;
  let crew: Crew | undefined;

  const kept = await loadKept(folder, shelf, log);
  if (kept?.isWhole === true) adoptKept(assembly, kept, log);
  const source = options.openSource(shelf);
  closers.push(() => source.close());
  const counting = openCounting({
    settings: config.counters,
    data: config.data,
    bring: options.bringCounts,
    nowMs,
    onTrouble: (err) => log.warn({ err }, 'what was counted cannot be brought to where it is kept; it waits'),
    tally: config.workers === 0 ? tally : undefined,
  });
  // After those who count have ended, and while the source can still be reached.
  closers.push(() => counting.stop());
  const keeping = keepSnapshot({
    folder,
    shelf,
    manifest: () => assembly.manifest(),
    savedRevision: kept?.manifest.mark.revision ?? 0,
    nowMs,
    onWritten: (objects) => {
      const changes = { mark: assembled().mark, whole: false, objects, deleted: [] };
      assembly.adopt(changes);
      crew?.tell({ kind: 'changes', changes });
    },
    onTrouble: (err) => log.error({ err }, 'the snapshot cannot be kept on the disk'),
  });
  closers.push(() => keeping.stop());
  const follow = () =>
    followSource(source, {
      assembly,
      everyMs: options.everyMs,
      nowMs,
      spread: Math.random,
      onChanges: (changes) => {
        keeping.renew();
        crew?.tell({ kind: 'changes', changes });
        for (const watcher of watchers) watcher(assembled());
        if (listener !== undefined) log.info({ revision: changes.mark.revision }, 'serving a new revision');
      },
      onTrouble: (err) => log.error({ err }, troubles[source.from]),
      onFault: (err) => log.error({ err }, 'the newest revision cannot be served; the last good one goes on'),
    });
  const follower = await follow().catch((error: unknown) => {
    // Better most of what was kept than nothing.
    if (kept?.isWhole !== false || !adoptKept(assembly, kept, log)) throw error;
    log.error({ err: error }, troubles[source.from]);
    return follow();
  });
  closers.push(() => follower.stop());
  counting.start();
  if (kept?.isWhole === false && follower.upToDateAtMs() === 0) follower.refetch();

  const healthOf = (): Health['checks'] => checksOf(follower, keeping);
  const onDamaged = (): void => follower.refetch();
  if (config.workers === 0) {
    const opened = await openAnswering({
      ...options,
      config,
      meter,
      tally,
      sample,
      assembled,
      checks: () => plainChecks(healthOf()),
      onDamaged,
    });
    answering = opened;
    listener = opened;
    closers.push(() => opened.close(config.drainMs));
  } else {
    const opened = openCrew({
      wanted: config.workers,
      drainMs: () => config.drainMs,
      log,
      begin: () => ({
        config: handed,
        changes: changesOf(assembly.manifest()),
        checks: plainChecks(healthOf()),
        seed,
      }),
      onSampled: (piece) => sample?.take(piece),
      onReading: (worker, reading) => readings.putOwn(worker, reading),
      counting,
      onGone: (worker) => readings.retire(worker),
      onDamaged,
    });
    // Before they listen: what changes while they begin is told to them too.
    crew = opened;
    closers.push(() => opened.close());
    closers.push(
      tellChecks(
        () => plainChecks(healthOf()),
        (checks) => opened.tell({ kind: 'checks', checks }),
      ),
    );
    listener = await opened.listening;
  }
  const lines = (): readonly SampledLine[] => sample?.lines() ?? [];
  const configured = (): Config => (crew === undefined ? config : handed);
  return {
    listener,
    scheme: config.tls === undefined ? 'http' : 'https',
    shelf,
    assembly,
    readings,
    health: () => ({
      checks: healthOf(),
      revision: assembled().mark.revision,
      upToDateAtMs: follower.upToDateAtMs(),
      snapshotFrom: follower.upToDateAtMs() === 0 ? 'disk' : source.from,
      savedRevision: keeping.savedRevision(),
      workers: crew?.workers() ?? { wanted: 0, running: 0, restarted: 0 },
      certificateExpiresAtMs: (crew ?? answering)?.certificateExpiresAtMs(),
      sampledLines: sample?.size ?? 0,
      counting: counting.state(),
    }),
    reading() {
      if (crew === undefined) readings.putOwn('node', meter.read());
      return readings.total();
    },
    sample: lines,
    config: configured,
    preview: openPreviewing({ ...options, config: configured, assembly, lines }),
    watch(onSnapshot) {
      watchers.add(onSnapshot);
      return () => watchers.delete(onSnapshot);
    },
    refetch: onDamaged,
    async reload(next) {
      tellWhatNeedsAStart(log, config, next);
      answering?.reloadCertificate();
      config = { ...config, drainMs: next.drainMs };
      if (crew === undefined) return;
      const before = handed;
      handed = { ...next, data: config.data, counters: config.counters };
      await crew.restart(Math.max(1, next.workers), () => {
        handed = before;
      });
    },
  };
}
