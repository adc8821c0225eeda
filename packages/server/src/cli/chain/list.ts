import { Command, Option } from 'commander';
import { collect } from '../collect.ts';
import type { Context } from '../context.ts';
import { pagesOf } from '../pages-of.ts';
import { printLines } from '../print-lines.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { listedChainLine } from './chain-lines.ts';
import type { ListedChain } from './shown-chain.ts';

interface ListOptions extends ApiOptions {
  readonly state: readonly string[];
  readonly limit: number;
  readonly json?: true;
}

/** `sluice chain list`. */
export function listChainsCommand(context: Context): Command {
  const state = new Option('--state <state>', 'pending, enacted, vetoed, failed or all; may be repeated')
    .argParser(collect)
    .default([], 'pending');
  return addApiOptions(new Command('list').summary('list chains, the newest first'))
    .addOption(state)
    .option('--limit <n>', 'how many at most', wholeNumber('a limit'), 50)
    .option('--json', 'print them as JSON')
    .action(async ({ state: said, limit, ...options }: ListOptions) => {
      const states = said.length === 0 ? ['pending'] : said.includes('all') ? undefined : said;
      const chains: ListedChain[] = [];
      const pages = pagesOf<ListedChain>(openApi(context, options), '/chains', 'chains', { state: states }, limit);
      for await (const chain of pages) chains.push(chain);
      if (options.json === true) context.print(JSON.stringify({ chains }, null, 2));
      else printLines(context, chains.length === 0 ? ['no chains'] : chains.map(listedChainLine));
    });
}
