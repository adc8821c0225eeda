import { Command, Option } from 'commander';
import { exportFormat } from '../export-format.ts';
import { Problem } from '../problem.ts';
import { collect } from './collect.ts';
import type { Context } from './context.ts';
import { exportToFolder } from './export-to-folder.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';
import { dataOption, existing, type StoreOptions, withStore } from './with-store.ts';

interface ExportOptions extends ApiOptions, StoreOptions {
  readonly dir?: string;
  readonly kind: readonly string[];
}

/** `sluice export`. */
export function exportCommand(context: Context): Command {
  const command = new Command('export')
    .summary('print every object')
    .description(
      'Prints every object of the database as JSON that sluice put takes back; or, with --dir, writes one YAML file for each\nobject of a server, for sluice plan and sluice apply.',
    )
    .option('--dir <dir>', 'the folder for the files; the objects come from the server that --url names')
    .addOption(
      new Option('--kind <kind>', 'only objects of a kind, with --dir; may be repeated')
        .argParser(collect)
        .default([], 'all'),
    )
    .addOption(dataOption());
  return addApiOptions(command).action((options: ExportOptions) => {
    const { dir, kind, data, url } = options;
    if (dir !== undefined) {
      if (data !== undefined)
        throw new Problem('usage', '--dir takes the objects of a server, --data those of a database');
      return exportToFolder(context, openApi(context, options), dir, kind);
    }
    if (url !== undefined || kind.length > 0) throw new Problem('usage', '--url and --kind need --dir');
    return printAll(context, options);
  });
}

function printAll(context: Context, options: StoreOptions): Promise<void> {
  return withStore(
    context,
    options,
    async (store) => {
      const { revision, objects } = await store.load();
      const sorted = [...objects].sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
      const written = sorted.map(({ kind, name, body }) => ({ kind, name, ...(body as object) }));
      context.print(JSON.stringify({ format: exportFormat, revision, objects: written }, null, 2));
    },
    existing,
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
