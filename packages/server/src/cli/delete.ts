import { Command } from 'commander';
import { proposeObjects } from '../app/changes/propose-objects.ts';
import { isKindName, kinds } from '../kinds/index.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { reasonOption } from './reason-option.ts';
import { waitingText } from './waiting-text.ts';
import { withDesk } from './with-desk.ts';
import { configOption, dataOption, existing, printWarnings, type StoreOptions } from './with-store.ts';

interface DeleteOptions extends StoreOptions {
  readonly reason?: string;
}

/** `sluice delete KIND NAME`. */
export function deleteCommand(context: Context): Command {
  return new Command('delete')
    .summary('delete one object')
    .description(
      'Deletes one object. What another object needs stays. Where a policy wants sign-offs, it is proposed as a change\nand waits for them.',
    )
    .argument('<kind>', kinds.map(({ name }) => name).join(', '))
    .argument('<name>')
    .addOption(reasonOption())
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (kind: string, name: string, options: DeleteOptions) => {
      if (!isKindName(kind)) throw new Problem('usage', `there is no kind ${kind}`);
      const edits = [{ kind, name, body: undefined, at: `${kind} ${name}` }];
      const { reason = 'delete' } = options;
      const { revision, warnings, waiting } = await withDesk(
        context,
        options,
        (desk) => proposeObjects(desk, { edits, reason, doubts: 'refuse', code: 'invalid-object' }),
        existing,
      );
      printWarnings(context, warnings);
      context.print(waiting === undefined ? `deleted ${kind} ${name}; revision ${revision}` : waitingText(waiting));
    });
}
