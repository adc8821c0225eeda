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

interface EditOptions extends ApiOptions, QuickEditOptions, ConditionOptions {
  readonly seen: number;
  readonly reason?: string;
  readonly priority?: number;
  readonly voidSignOffs?: true;
  readonly json?: true;
}

/** `sluice change edit ID`. */
export function editChangeCommand(context: Context): Command {
  const command = addApiOptions(new Command('edit').summary('alter a change that is not over'))
    .description('Alters a change that is not over. Edits that are given take the place of all that it had.')
    .argument('<id>', 'its number', wholeNumber('the number of a change'));
  addEditOptions(command)
    .requiredOption('--seen <version>', 'the version of the change that you saw', wholeNumber('a version'))
    .option('--reason <text>', 'another reason')
    .option('--priority <n>', 'another priority', wholeNumber('a priority', -1000))
    .option('--void-sign-offs', 'alter it though other people have signed; they will have to sign again');
  return addConditionOptions(command)
    .option('--json', 'print the change as JSON')
    .action((id: number, file: string | undefined, options: EditOptions) => edit(context, id, file, options));
}

async function edit(context: Context, id: number, file: string | undefined, options: EditOptions): Promise<void> {
  const said = conditionIn(options);
  const api = openApi(context, options);
  const read = await editsIn(file, options, findObjectIn(api));
  const condition = said ?? read.condition;
  const rewriting = {
    reason: options.reason ?? read.reason,
    condition,
    priority: options.priority ?? read.priority,
    edits: read.edits.length === 0 ? undefined : read.edits,
  };
  if (Object.values(rewriting).every((value) => value === undefined))
    throw new Problem(
      'usage',
      'nothing is to be altered: say other edits, or another --reason, --priority, --at or --when',
    );
  const voids = options.voidSignOffs === true && { voidSignOffs: true };
  const sent = { ...rewriting, ...voids };
  const { body } = await api.send<ShownChange>('PATCH', `/changes/${id}`, sent, { version: options.seen });
  tellChange(context, body, options);
}
