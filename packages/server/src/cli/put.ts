import { Command } from 'commander';
import { proposeObjects } from '../app/changes/propose-objects.ts';
import { checkEdits } from '../app/prepare-edits.ts';
import type { Context } from './context.ts';
import { readObjectsFile } from './objects-file.ts';
import { readText } from './read-text.ts';
import { reasonOption } from './reason-option.ts';
import { waitingText } from './waiting-text.ts';
import { withDesk } from './with-desk.ts';
import { configOption, dataOption, printWarnings, type StoreOptions } from './with-store.ts';

interface PutOptions extends StoreOptions {
  readonly reason?: string;
}

/** `sluice put FILE`. */
export function putCommand(context: Context): Command {
  return new Command('put')
    .summary('create or replace objects')
    .description(
      'Creates or replaces the objects of a JSON or YAML file, all or nothing. It takes what sluice export writes.\nWhere a policy wants sign-offs, it is proposed as a change and waits for them.',
    )
    .argument('<file>')
    .addOption(reasonOption())
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (file: string, options: PutOptions) => {
      const { edits, mistakes, exported } = readObjectsFile(await readText(file));
      const rest = { doubts: exported ? 'accept' : 'refuse', code: 'invalid-object', mistakes } as const;
      checkEdits(edits, rest);
      const { revision, changed, warnings, waiting } = await withDesk(context, options, (desk) =>
        proposeObjects(desk, { edits, reason: options.reason ?? 'put', ...rest }),
      );
      printWarnings(context, warnings);
      const count = `${edits.length} object${edits.length === 1 ? '' : 's'}`;
      if (waiting !== undefined) context.print(waitingText(waiting));
      else context.print(`${changed ? 'put' : 'nothing changed by'} ${count}; revision ${revision}`);
    });
}
