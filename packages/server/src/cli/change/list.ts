import { Command, Option } from 'commander';
import { changeStates } from '../../change.ts';
import { collect } from '../collect.ts';
import type { Context } from '../context.ts';
import { pagesOf } from '../pages-of.ts';
import { printLines } from '../print-lines.ts';
import type { ListedChange } from '../shown-change.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { listedChangeLine } from './change-lines.ts';

interface ListOptions extends ApiOptions {
  readonly state: readonly string[];
  readonly proposer?: string;
  readonly product?: string;
  readonly channel?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly limit: number;
  readonly json?: true;
}

const open = ['draft', 'pending', 'failed'];

/** `sluice change list`. */
export function listChangesCommand(context: Context): Command {
  const state = new Option('--state <state>', `${changeStates.join(', ')} or all; may be repeated`)
    .argParser(collect)
    .default([], 'what is not over: draft, pending, failed');
  return addApiOptions(new Command('list').summary('list changes, the newest first'))
    .addOption(state)
    .option('--proposer <principal>', 'only those of one: user:ada@example.org')
    .option('--product <product>', 'only those that touch a product')
    .option('--channel <channel>', 'only those that touch a channel')
    .option('--kind <kind>', 'only those that touch objects of a kind')
    .option('--name <name>', 'only those that touch an object, with --kind')
    .option('--limit <n>', 'how many at most', wholeNumber('a limit'), 50)
    .option('--json', 'print them as JSON')
    .action(async (options: ListOptions) => {
      const { state: said, proposer, product, channel, kind, name, limit } = options;
      const states = said.length === 0 ? open : said.includes('all') ? [] : said;
      const api = openApi(context, options);
      const query = { state: states, proposer, product, channel, kind, name };
      const changes: ListedChange[] = [];
      for await (const change of pagesOf<ListedChange>(api, '/changes', 'changes', query, limit)) changes.push(change);
      if (options.json === true) context.print(JSON.stringify({ changes }, null, 2));
      else printLines(context, changes.length === 0 ? ['no changes'] : changes.map(listedChangeLine));
    });
}
