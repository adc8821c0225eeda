import { Command } from 'commander';
import { type BackupEnd, writeBackup } from '../app/write-backup.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import type { Context } from './context.ts';
import { configOption, dataOption, existing, type StoreOptions, withStore } from './with-store.ts';

/** `sluice backup FILE`. */
export function backupCommand(context: Context): Command {
  return new Command('backup')
    .summary('write everything to a file')
    .description(
      'Writes every version of every object, all changes, tokens and sessions (their hashes), the audit log, counts,\nreadings and notices to a file, also while servers run. The file appears when it is whole, in the place of the one\nthat was there.',
    )
    .argument('<file>')
    .addOption(dataOption())
    .addOption(configOption())
    .action((file: string, options: StoreOptions) =>
      withStore(
        context,
        options,
        async (store) => {
          let end: BackupEnd | undefined;
          async function* lines() {
            end = yield* writeBackup(store.dump(), context.nowMs());
          }
          await writeWholeFile(file, lines());
          context.print(`backed up revision ${end?.revision}, ${end?.versions} versions, to ${file}`);
        },
        existing,
      ),
    );
}
