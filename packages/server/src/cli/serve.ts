import { Command } from 'commander';
import { makeSalt } from '../app/draw-ticket.ts';
import { hasSampleWorld, loadSampleWorld } from '../app/load-sample-world.ts';
import type { Config } from '../config.ts';
import type { Store } from '../store.ts';
import { withoutPassword } from '../without-password.ts';
import { announceNode, tellFirstLink, tellWhatToTry } from './announce-node.ts';
import type { Context } from './context.ts';
import { type NodeCommandOptions, nodeOptions } from './node-options.ts';
import { runProcess } from './run-process.ts';
import { dataOption } from './with-store.ts';

interface ServeOptions extends NodeCommandOptions {
  readonly dns?: string;
  readonly agent: boolean;
  readonly sample?: true;
}

/** `sluice serve`: answers clients until it is told to stop. */
export function serveCommand(context: Context): Command {
  const command = new Command('serve')
    .summary('answer clients')
    .description('Answers clients from the database until SIGTERM or SIGINT.')
    .addOption(dataOption())
    .option('--dns <host:port|off>', 'where DNS is answered; nothing listens there yet')
    .option('--no-agent', 'run no agent inside, for agents of their own run')
    .option('--sample', 'load the sample world when the database is empty');
  for (const option of nodeOptions()) command.addOption(option);
  return command.action((options: ServeOptions) => serve(context, options));
}

function serve(context: Context, options: ServeOptions): Promise<void> {
  let store: Store | undefined;
  let sampled = false;
  const open = async (config: Config): Promise<Store> => {
    const opened = await context.openStore(config);
    try {
      if (options.sample === true) sampled = await loadSampleWorld(opened, { atMs: context.nowMs(), makeSalt });
    } catch (error) {
      await opened.close();
      throw error;
    }
    store = opened;
    return opened;
  };
  return runProcess(context, options, {
    settings: { dns: options.dns, 'agent.inside': options.agent ? undefined : 'false' },
    openSource: (config, { shelf, serving }) => serving.storeSource(() => open(config), shelf),
    everyMs: ({ followMs }) => followMs,
    store: () => store,
    async onOpen(node, config) {
      const place = withoutPassword(config.databaseUrl ?? config.data);
      announceNode(context, node, place, '; sluice put, delete, import and export do the rest');
      if (sampled) context.print('The database was empty and now holds the sample world.');
      // A database that has gone meanwhile is no reason to end.
      const toTry = options.sample === true && store !== undefined && hasSampleWorld(store).catch(() => false);
      if (await toTry) tellWhatToTry(context, node);
      // The database may be away, and nobody waits for it.
      void node.firstLink?.().then((link) => link === undefined || tellFirstLink(context, link));
    },
  });
}
