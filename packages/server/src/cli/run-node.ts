import cluster from 'node:cluster';
import { Option as makeOption, type Option } from 'commander';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Address } from '../http/address.ts';
import { openAdminListener } from '../http/admin-listener.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';
import type { NodeParts } from '../node/node-parts.ts';
import { openLog } from '../node/open-log.ts';
import { type OpenNode, openNode } from '../node/open-node.ts';
import { runWorker } from '../node/worker.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Source } from '../source.ts';
import type { Store } from '../store.ts';
import type { Context } from './context.ts';
import { type OpenApiFaces, openApiFaces } from './open-api-faces.ts';
import { openEdgeFace } from './open-edge-face.ts';
import { reloadOnHangup } from './reload-on-hangup.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { configOption, setOption } from './with-store.ts';

/** What every command takes that runs a node. */
export interface NodeCommandOptions {
  readonly data?: string;
  readonly public?: string;
  readonly admin?: string;
  readonly workers?: string;
  readonly config?: string;
  readonly set: readonly string[];
}

export function nodeOptions(): readonly Option[] {
  return [
    new makeOption('--public <host:port>', 'where clients ask (default: 127.0.0.1:8080); port 0 takes a free one'),
    new makeOption('--admin <host:port|off>', 'where metrics and health are told (default: 127.0.0.1:8081)'),
    new makeOption('--workers <n>', 'how many processes answer clients (default: 0, this one does)'),
    configOption(),
    setOption(),
  ];
}

/** A node that answers, as its command announces it. */
export interface RunningNode {
  readonly listener: Address;
  readonly scheme: 'http' | 'https';
  /** What clients call it, where that is configured. */
  readonly publicUrl: string | undefined;
  readonly admin: Address | undefined;
  /** Whether edges may follow it. */
  readonly hasEdges: boolean;
  readonly revision: number;
  readonly workers: number;
  /** Makes the link with which the first administrator signs in; absent where nobody can. */
  readonly firstLink: OpenApiFaces['firstLink'] | undefined;
  /** Everything that was counted, by the workers and by whoever reports here. */
  reading(): MeterReading;
}

/** In what the commands that run a node differ. */
export interface NodeRole {
  /** More options of the command line that are settings, by the setting's path. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  openSource(config: Config, shelf: ReleaseShelf, log: Logger): Source;
  /** How often the source is asked, in milliseconds. */
  everyMs(config: Config): number;
  /** The store that people may alter through this node, once it is open; absent where there is none. */
  readonly store?: () => Store | undefined;
  onOpen(node: RunningNode, config: Config): Promise<void> | void;
}

/** Runs a node, or one of its workers, until it is told to stop. */
export async function runNode(context: Context, options: NodeCommandOptions, role: NodeRole): Promise<void> {
  const load = (from: string | undefined) => {
    const { data, public: listen, admin, workers } = options;
    const settings = { data, public: listen, admin, workers, ...role.settings };
    return context.loadConfig({ file: from, options: settings, set: options.set });
  };
  if (cluster.isWorker) return runWorker(context);
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
    const lock = await context.lockDataFolder(config);
    closers.push(() => lock.release());
    const openSource = (shelf: ReleaseShelf) => role.openSource(config, shelf, log);
    const node = await openNode({ ...parts, openSource, everyMs: role.everyMs(config), closers });
    const admin = await openAdmin(context, config, { node, log, closers, store: role.store });
    // The same file: without it everything would fall back to the defaults.
    reloading.begin(() => node.reload(load(file).config));
    const { listener, scheme } = node;
    const { publicUrl, workers } = config;
    const hasEdges = admin !== undefined && config.edge.tokens.length > 0;
    const { revision } = node.health();
    const reading = () => node.reading();
    const { address, firstLink } = admin ?? {};
    await role.onOpen(
      { listener, scheme, publicUrl, admin: address, hasEdges, revision, workers, reading, firstLink },
      config,
    );
  } catch (error) {
    if (stopping()) return;
    await close();
    throw error;
  }
}

interface AdminParts {
  readonly node: OpenNode;
  readonly log: Logger;
  readonly closers: (() => unknown)[];
  readonly store: NodeRole['store'];
}

/** The admin listener, once it listens. */
interface OpenAdmin {
  readonly address: Address;
  readonly firstLink: OpenApiFaces['firstLink'] | undefined;
}

/** How long running requests of the admin listener may take to end, in milliseconds. */
const adminDrainMs = 1000;

async function openAdmin(
  context: Context,
  config: Config,
  { node, log, closers, store }: AdminParts,
): Promise<OpenAdmin | undefined> {
  const { adminFaces, nowMs, version } = context;
  const { admin, adminToken } = config;
  if (admin === 'off') {
    if (config.edge.tokens.length > 0) log.warn('no edge can follow this node, for admin is off');
    return undefined;
  }
  const edges = await openEdgeFace(context, config, node);
  let listening: Address | undefined;
  const people =
    store &&
    openApiFaces(context, config, {
      node,
      store,
      listening: () => listening ?? (admin as Address),
      onTrouble: (err) => log.warn({ err }, 'when a token or session was used could not be written down'),
    });
  const app = { health: () => node.health(), reading: () => node.reading(), nowMs, version };
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
  closers.push(() => listener.close(adminDrainMs));
  closers.push(() => people?.stop());
  closers.push(() => edges?.stop());
  return { address: listener, firstLink: people?.firstLink };
}
