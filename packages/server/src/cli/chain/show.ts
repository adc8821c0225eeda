import { Command } from 'commander';
import type { Context } from '../context.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import type { ShownChain } from './shown-chain.ts';
import { tellChain } from './tell-chain.ts';

/** `sluice chain show ID`. */
export function showChainCommand(context: Context): Command {
  return addApiOptions(
    new Command('show').summary('show a chain: its steps, what comes next, what is left if it is stopped'),
  )
    .argument('<id>', 'its number, which is that of its first step', wholeNumber('the number of a chain'))
    .option('--json', 'print it as JSON')
    .action(async (id: number, options: ApiOptions & { readonly json?: true }) => {
      const { body } = await openApi(context, options).get<ShownChain>(`/chains/${id}`);
      tellChain(context, body, options);
    });
}
