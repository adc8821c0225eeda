import { Command } from 'commander';
import { type Logger, pino } from 'pino';
import { drawTicket, makeSalt } from '../app/draw-ticket.ts';
import { followStore } from '../app/follow-store.ts';
import { hasSampleWorld, loadSampleWorld } from '../app/load-sample-world.ts';
import type { Config } from '../config.ts';
import type { App } from '../face.ts';
import { addressText } from '../http/address.ts';
import { openPublicListener } from '../http/public-listener.ts';
import { withoutPassword } from '../without-password.ts';
import type { Context } from './context.ts';
import { configOption, dataOption, setOption } from './with-store.ts';

interface ServeOptions {
  readonly data?: string;
  readonly public?: string;
  readonly admin?: string;
  readonly dns?: string;
  readonly config?: string;
  readonly set: readonly string[];
  readonly sample?: true;
}

/** `sluice serve`: answers clients until it is told to stop. */
export function serveCommand(context: Context): Command {
  return new Command('serve')
    .summary('answer clients')
    .description('Answers clients from the database until SIGTERM or SIGINT.')
    .addOption(dataOption())
    .option('--public <host:port>', 'where clients ask (default: 127.0.0.1:8080); port 0 takes a free one')
    .option('--admin <host:port|off>', 'where people administer; nothing listens there yet')
    .option('--dns <host:port|off>', 'where DNS is answered; nothing listens there yet')
    .addOption(configOption())
    .addOption(setOption())
    .option('--sample', 'load the sample world when the database is empty')
    .action((options: ServeOptions) => serve(context, options));
}

/** How long running requests may take to end, in milliseconds. */
const drainMs = 2000;

async function serve(context: Context, options: ServeOptions): Promise<void> {
  const { config, warnings } = context.loadConfig({
    file: options.config,
    options: { data: options.data, public: options.public, admin: options.admin, dns: options.dns },
    set: options.set,
  });
  const log = pino({ level: config.log.level }, pino.destination({ dest: 2, sync: true }));
  for (const { at, message } of warnings) log.warn({ at }, message);
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  // Before anything is opened: whoever started this may stop it at any moment.
  const stopping = stopOnSignals(log, close);
  try {
    await open(context, { config, log, sample: options.sample === true, closers });
  } catch (error) {
    if (stopping()) return;
    await close();
    throw error;
  }
}

interface Opening {
  readonly config: Config;
  readonly log: Logger;
  readonly sample: boolean;
  /** Gets what ends each part, in the order in which they were opened, also when the next one fails. */
  readonly closers: (() => unknown)[];
}

async function open(context: Context, { config, log, sample, closers }: Opening): Promise<void> {
  const lock = await context.lockDataFolder(config);
  closers.push(() => lock.release());
  const store = await context.openStore(config);
  closers.push(() => store.close());
  const sampled = sample && (await loadSampleWorld(store, { atMs: context.nowMs(), makeSalt }));
  const toTry = sample && (await hasSampleWorld(store));
  let announced = false;
  const following = await followStore(store, {
    everyMs: config.followMs,
    onSnapshot: ({ revision }) => announced && log.info({ revision }, 'serving a new revision'),
    onTrouble: (err) => log.error({ err }, 'the database is in trouble; the last revision goes on being served'),
  });
  closers.push(() => following.stop());
  const app: App = {
    snapshot: following.snapshot,
    nowMs: context.nowMs,
    draw: drawTicket,
    storeIsWell: () => following.trouble() === undefined,
    version: context.version,
  };
  const listener = await openPublicListener(config.public, {
    faces: context.faces.map((face) => face.open(app, config.faces[face.name])),
    onBug: (id, err) => log.error({ id, err }, 'a bug: a request could not be answered'),
  });
  closers.push(() => listener.close(drainMs));
  announced = true;
  announce(context, config, { listener, revision: following.snapshot().revision, sampled, toTry });
}

/** Answers whether a signal has come. */
function stopOnSignals(log: Logger, close: () => Promise<void>): () => boolean {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    try {
      await close();
      process.exit(0);
    } catch (err) {
      log.error({ err }, 'could not stop cleanly');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  return () => stopping;
}

interface Announcement {
  readonly listener: { readonly host: string; readonly port: number };
  readonly revision: number;
  readonly sampled: boolean;
  readonly toTry: boolean;
}

function announce(context: Context, config: Config, { listener, revision, sampled, toTry }: Announcement): void {
  const url = `http://${addressText(listener)}`;
  const place = withoutPassword(config.databaseUrl ?? config.data);
  context.print(`Sluice ${context.version.version} serves revision ${revision} of ${place}`);
  context.print(`  public  ${url}  (${context.faces.map(({ name }) => name).join(', ')})`);
  context.print('  admin   not yet: sluice put, delete, import and export do the work, also while this runs');
  context.print('  dns     not yet');
  if (sampled) context.print('The database was empty and now holds the sample world.');
  if (!toTry) return;
  const client = '20261010000000/Linux_x86_64-gcc3/en-US/release/Linux/default/default/update.xml';
  context.print('Try:');
  context.print(`  curl '${url}/update/3/MyApp/1.0.5/${client}'            throttled: no update`);
  context.print(`  curl '${url}/update/3/MyApp/1.0.5/${client}?force=1'    asked by hand: MyApp 2.0.3`);
  context.print(`  curl -i '${url}/update/3/Firefox/156.0/${client}'       one in four gets 158.0, the others 157.0`);
}
