import { Command } from 'commander';
import { checkBackup, readBackup } from '../app/read-backup.ts';
import type { Context } from './context.ts';
import { readLines } from './read-lines.ts';
import { configOption, dataOption, type StoreOptions, withStore } from './with-store.ts';

/** `sluice restore FILE`. */
export function restoreCommand(context: Context): Command {
  return new Command('restore')
    .summary('fill an empty database from a backup')
    .description(
      'Takes over what sluice backup wrote, all or nothing: objects, versions, revisions, history, changes, tokens, the\naudit log, counts, readings and notices as they were, from whichever kind of database into whichever. Only a database\nin which there was never anything takes it.',
    )
    .argument('<file>')
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (file: string, options: StoreOptions) => {
      const source = { name: file, lines: () => readLines(file) };
      const { versions } = await checkBackup(source);
      await withStore(context, options, async (store) => {
        const revision = await store.restore(readBackup(source));
        context.print(`restored revision ${revision}, ${versions} versions, from ${file}`);
      });
    });
}
