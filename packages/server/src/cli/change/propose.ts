import { Command } from 'commander';
import { Problem } from '../../problem.ts';
import { addConditionOptions, type ConditionOptions, conditionIn } from '../condition-options.ts';
import type { Context } from '../context.ts';
import { findObjectIn } from '../find-object.ts';
import type { ShownChange } from '../shown-change.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { addEditOptions, editsIn } from './edit-options.ts';
import type { QuickEditOptions } from './quick-edits.ts';
import { tellChange } from './tell-change.ts';

interface ProposeOptions extends ApiOptions, QuickEditOptions, ConditionOptions {
  readonly reason?: string;
  readonly priority?: number;
  readonly draft?: true;
  readonly acceptDoubts?: true;
  readonly json?: true;
}

/** `sluice change propose`. */
export function proposeChangeCommand(context: Context): Command {
  const command = addEditOptions(addApiOptions(new Command('propose').summary('propose a change')))
    .option('--reason <text>', 'why; people read it when they sign')
    .option('--priority <n>', 'higher first among those that are due (default: 0)', wholeNumber('a priority', -1000))
    .option('--draft', 'write it down for nobody to sign yet')
    .option('--accept-doubts', 'take content of doubtful use all the same');
  return addConditionOptions(command)
    .option('--json', 'print the change as JSON')
    .action((file: string | undefined, options: ProposeOptions) => propose(context, file, options));
}

async function propose(context: Context, file: string | undefined, options: ProposeOptions): Promise<void> {
  const said = conditionIn(options);
  const api = openApi(context, options);
  const read = await editsIn(file, options, findObjectIn(api));
  if (read.edits.length === 0)
    throw new Problem('usage', 'nothing is to be changed: name a file of edits, or --set, --unset, --put or --delete');
  const reason = options.reason ?? read.reason;
  if (reason === undefined) throw new Problem('usage', 'a change needs a --reason');
  const condition = said ?? read.condition;
  const priority = options.priority ?? read.priority;
  const acceptsDoubts = options.acceptDoubts === true || read.acceptsDoubts === true;
  const { body } = await api.send<ShownChange>('POST', '/changes', {
    reason,
    edits: read.edits,
    ...(condition !== undefined && { condition }),
    ...(priority !== undefined && { priority }),
    ...(options.draft === true && { draft: true }),
    ...(acceptsDoubts && { acceptsDoubts: true }),
  });
  tellChange(context, body, options);
}
