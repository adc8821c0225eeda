import { Command } from 'commander';
import { checkEdits } from '../app/commit-edits.ts';
import { importObjects } from '../app/import-objects.ts';
import type { Importer } from '../importer.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';
import { commitOptions, configOption, dataOption, printWarnings, type StoreOptions, withStore } from './with-store.ts';

interface ImportCommandOptions extends StoreOptions {
  readonly merge?: true;
}

/** `sluice import FORMAT FILE`. */
export function importCommand(context: Context): Command {
  const formats = context.importers.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n');
  return new Command('import')
    .summary('bring rules, releases or throttles from another system')
    .description(
      `Brings what another system holds, all or nothing. What the store has of the kinds that the file carries is\nreplaced, and the sample world removed.\n\nFormats:\n${formats}`,
    )
    .argument('<format>', context.importers.map(({ name }) => name).join(' or '))
    .argument('<file>')
    .option('--merge', 'add to what is there instead of replacing it')
    .addOption(dataOption())
    .addOption(configOption())
    .action((format: string, file: string, options: ImportCommandOptions) => run(context, format, file, options));
}

async function run(context: Context, format: string, file: string, options: ImportCommandOptions): Promise<void> {
  const read = importerNamed(context, format).read(await readText(file));
  const rest = { doubts: 'accept', code: 'invalid-import' } as const;
  checkEdits(read.objects, { ...rest, mistakes: read.mistakes ?? [] });
  await withStore(context, options, async (store) => {
    const { revision, changed, warnings } = await importObjects(store, read, {
      ...commitOptions(context, `import ${format}`, rest),
      mode: options.merge === true ? 'add' : 'replace',
    });
    printWarnings(context, warnings);
    const done = changed ? 'imported' : 'nothing changed by';
    context.print(`${done} ${countByKind(read.objects)}; revision ${revision}`);
  });
}

function importerNamed({ importers }: Context, format: string): Importer {
  const found = importers.find(({ name }) => name === format);
  if (found !== undefined) return found;
  throw new Problem('usage', `there is no format ${format}; there are ${importers.map(({ name }) => name).join(', ')}`);
}

function countByKind(objects: readonly { readonly kind: string }[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const texts = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  return texts.length === 0 ? 'nothing' : texts.join(', ');
}
