import { Command } from 'commander';
import type { Context } from './context.ts';
import { exportFormat } from './objects-file.ts';
import { configOption, dataOption, existing, type StoreOptions, withStore } from './with-store.ts';

/** `sluice export`. */
export function exportCommand(context: Context): Command {
  return new Command('export')
    .summary('print every object')
    .description('Prints every object as JSON that sluice put takes back.')
    .addOption(dataOption())
    .addOption(configOption())
    .action((options: StoreOptions) =>
      withStore(
        context,
        options,
        async (store) => {
          const { revision, objects } = await store.load();
          const sorted = [...objects].sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
          const written = sorted.map(({ kind, name, body }) => ({ kind, name, ...(body as object) }));
          context.print(JSON.stringify({ format: exportFormat, revision, objects: written }, null, 2));
        },
        existing,
      ),
    );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
