import { Command } from 'commander';
import { commitEdits } from '../app/commit-edits.ts';
import { isKindName, kinds } from '../kinds/index.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { commitOptions, configOption, dataOption, existing, type StoreOptions, withStore } from './with-store.ts';

/** `sluice delete KIND NAME`. */
export function deleteCommand(context: Context): Command {
  return new Command('delete')
    .summary('delete one object')
    .description('Deletes one object. What another object needs stays.')
    .argument('<kind>', kinds.map(({ name }) => name).join(', '))
    .argument('<name>')
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (kind: string, name: string, options: StoreOptions) => {
      if (!isKindName(kind)) throw new Problem('usage', `there is no kind ${kind}`);
      await withStore(
        context,
        options,
        async (store) => {
          const edits = [{ kind, name, body: undefined, at: `${kind} ${name}` }];
          const { revision } = await commitEdits(
            store,
            edits,
            commitOptions(context, 'delete', { doubts: 'refuse', code: 'invalid-object' }),
          );
          context.print(`deleted ${kind} ${name}; revision ${revision}`);
        },
        existing,
      );
    });
}
