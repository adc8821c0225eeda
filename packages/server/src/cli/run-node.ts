import type { Logger } from 'pino';
import { lateStore } from '../app/late-store.ts';
import type { Config } from '../config.ts';
import { mergeIntoStore } from '../counting/merge-into-store.ts';
import type { BringBatch } from '../counting/send-counts.ts';
import type { Address } from '../http/address.ts';
import { openAdminListener } from '../http/admin-listener.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';
import type { NodeParts } from '../node/node-parts.ts';
import { openLog } from '../node/open-log.ts';
import { type OpenNode, openNode } from '../node/open-node.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Source } from '../source.ts';
import type { Store } from '../store.ts';
import type { Context, Serving } from './context.ts';
import type { NodeCommandOptions } from './node-options.ts';
import { type OpenApiFaces, openApiFaces } from './open-api-faces.ts';
import { openEdgeFace } from './open-edge-face.ts';
import { type InsideAgent, openInsideAgent } from './open-inside-agent.ts';
import { reloadOnHangup } from './reload-on-hangup.ts';
import { stopOnSignals } from './stop-on-signals.ts';

/** A node that answers, as its command announces it. */
export interface RunningNode {
  readonly listener: Address;
  readonly scheme: 'http' | 'https';
  /** What clients call it, where that is configured. */
  readonly publicUrl: string | undefined;
  readonly admin: Address | undefined;
  /** The names of what is served there. */
  readonly adminFaces: readonly string[];
  readonly revision: number;
  readonly workers: number;
  /** Makes the link with which the first administrator signs in; absent where nobody can. */
  readonly firstLink: OpenApiFaces['firstLink'] | undefined;
  /** Everything that was counted, by the workers and by whoever reports here. */
  reading(): MeterReading;
}

/** What a role opens its source with. */
export interface SourceParts {
  readonly shelf: ReleaseShelf;
  readonly log: Logger;
  readonly serving: Serving;
}

/** In what the commands that run a node differ. */
export interface NodeRole {
  /** More options of the command line that are settings, by the setting's path. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  openSource(config: Config, parts: SourceParts): Source;
  /** How often the source is asked, in milliseconds. */
  everyMs(config: Config): number;
  /** The store that people may alter through this node, once it is open; absent where there is none. */
  readonly store?: () => Store | undefined;
  /** Where what is counted is brought; absent where that is the store. */
  readonly bringCounts?: BringBatch;
  onOpen(node: RunningNode, config: Config): Promise<void> | void;
}

/** Runs a node, or one of its workers, until it is told to stop. */
export async function runNode(context: Context, options: NodeCommandOptions, role: NodeRole): Promise<void> {
  const load = (from: string | undefined) => {
    const { data, public: listen, admin, workers } = options;
    const settings = { data, public: listen, admin, workers, ...role.settings };
    return context.loadConfig({ file: from, options: settings, set: options.set });
  };
  const { config, warnings, file } = load(options.config);
  const log = openLog(config);
  const parts: NodeParts = { ...context, config, log };
  for (const { at, message } of warnings) log.warn({ at }, message);
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  // Before anything is opened: whoever started this may stop or reload it at any moment.
  const stopping = stopOnSignals(log, close);
  const reloading = reloadOnHangup(log, file);
  closers.push(() => reloading.stop());
  try {
    const serving = await context.loadServing();
    const lock = await serving.lockDataFolder(config);
    closers.push(() => lock.release());
    const openSource = (shelf: ReleaseShelf) => role.openSource(config, { shelf, log, serving });
    const bringCounts = role.bringCounts ?? bringIntoStore(context, config, role.store);
    const node = await openNode({ ...parts, openSource, everyMs: role.everyMs(config), bringCounts, closers });
    const { store } = role;
    const admin = await openAdmin({ ...context, ...serving }, config, { node, log, closers, store, bringCounts });
    // The same file: without it everything would fall back to the defaults.
    reloading.begin(() => node.reload(load(file).config));
    const { listener, scheme } = node;
    const { publicUrl, workers } = config;
    const { revision } = node.health();
    const reading = () => node.reading();
    const { address, names = [], firstLink } = admin ?? {};
    await role.onOpen(
      { listener, scheme, publicUrl, admin: address, adminFaces: names, revision, workers, reading, firstLink },
      config,
    );
  } catch (error) {
    if (stopping()) return;
    await close();
    throw error;
  }
}

function bringIntoStore(
  { nowMs }: Pick<Context, 'nowMs'>,
  { counters }: Pick<Config, 'counters'>,
  store: NodeRole['store'],
): BringBatch {
  return mergeIntoStore(
    lateStore(() => store?.()),
    { nowMs, binMs: counters.binSeconds * 1000 },
  );
}

interface AdminParts {
  readonly node: OpenNode;
  readonly log: Logger;
  readonly closers: (() => unknown)[];
  readonly store: NodeRole['store'];
  readonly bringCounts: BringBatch;
}

/** The admin listener, once it listens. */
interface OpenAdmin {
  readonly address: Address;
  /** Of what is served there. */
  readonly names: readonly string[];
  readonly firstLink: OpenApiFaces['firstLink'] | undefined;
}

/** How long running requests of the admin listener may take to end, in milliseconds. */
const adminDrainMs = 1000;

async function openAdmin(
  context: Context & Serving,
  config: Config,
  { node, log, closers, store, bringCounts }: AdminParts,
): Promise<OpenAdmin | undefined> {
  const { adminFaces, apiFace, signInFace, edgeFace, nowMs, version } = context;
  const { admin, adminToken } = config;
  if (admin === 'off') {
    if (config.edge.tokens.length > 0) log.warn('no edge can follow this node, for admin is off');
    return undefined;
  }
  const edges = await openEdgeFace(context, config, node, bringCounts);
  let listening: Address | undefined;
  let inside: InsideAgent | undefined;
  const people =
    store &&
    openApiFaces(context, config, {
      node,
      store,
      listening: () => listening ?? (admin as Address),
      onTrouble: (err, sentence) => log.warn({ err }, sentence),
    });
  const moreMetrics = async () => (await inside?.metrics()) ?? '';
  const app = {
    health: () => node.health(),
    reading: () => node.reading(),
    nowMs,
    version,
    moreMetrics,
    notices: () => people?.notices(),
  };
  const listener = await openAdminListener(admin, {
    faces: [
      ...adminFaces.map((face) => ({ authorisation: face.authorisation, routes: face.open(app) })),
      ...(edges === undefined ? [] : [edges.face]),
      ...(people?.faces ?? []),
    ],
    onBug: (id, err) => log.error({ id, err }, 'a bug: an admin request could not be answered'),
    token: adminToken,
  });
  listening = listener;
  const { inside: runsInside } = config.agent;
  inside =
    people && runsInside
      ? openInsideAgent(context, { changing: people.changing, admin: listener, config, log })
      : undefined;
  // What runs may still ask the store until the listener has closed.
  closers.push(() => people?.end());
  closers.push(() => listener.close(adminDrainMs));
  closers.push(() => people?.stop());
  closers.push(() => edges?.stop());
  closers.push(() => inside?.stop());
  const named = [
    ...adminFaces,
    ...(people === undefined ? [] : [apiFace, signInFace]),
    ...(edges === undefined ? [] : [edgeFace]),
  ];
  return { address: listener, names: named.map(({ name }) => name), firstLink: people?.firstLink };
}
