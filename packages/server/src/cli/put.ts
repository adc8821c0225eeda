import { Command } from 'commander';
import { checkEdits, commitEdits } from '../app/commit-edits.ts';
import type { Context } from './context.ts';
import { readObjectsFile } from './objects-file.ts';
import { readText } from './read-text.ts';
import { commitOptions, configOption, dataOption, printWarnings, type StoreOptions, withStore } from './with-store.ts';

/** `sluice put FILE`. */
export function putCommand(context: Context): Command {
  return new Command('put')
    .summary('create or replace objects')
    .description(
      'Creates or replaces the objects of a JSON or YAML file, all or nothing. It takes what sluice export writes.',
    )
    .argument('<file>')
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (file: string, options: StoreOptions) => {
      const { edits, mistakes, exported } = readObjectsFile(await readText(file));
      const rest = { doubts: exported ? 'accept' : 'refuse', code: 'invalid-object', mistakes } as const;
      checkEdits(edits, rest);
      await withStore(context, options, async (store) => {
        const { revision, changed, warnings } = await commitEdits(store, edits, commitOptions(context, 'put', rest));
        printWarnings(context, warnings);
        const count = `${edits.length} object${edits.length === 1 ? '' : 's'}`;
        context.print(`${changed ? 'put' : 'nothing changed by'} ${count}; revision ${revision}`);
      });
    });
}
