import { Command } from 'commander';
import type { Context } from '../context.ts';
import { printLines } from '../print-lines.ts';
import type { ShownChange } from '../shown-change.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { wholeChangeLines } from './change-lines.ts';

/** `sluice change show ID`. */
export function showChangeCommand(context: Context): Command {
  return addApiOptions(new Command('show').summary('show a change: what it does, what it waits for, who signed'))
    .argument('<id>', 'its number', wholeNumber('the number of a change'))
    .option('--json', 'print it as JSON')
    .action(async (id: number, options: ApiOptions & { readonly json?: true }) => {
      const { body } = await openApi(context, options).get<ShownChange>(`/changes/${id}`);
      if (options.json === true) context.print(JSON.stringify(body, null, 2));
      else printLines(context, wholeChangeLines(body));
    });
}
