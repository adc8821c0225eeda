import { Command } from 'commander';
import { checkImport, type Imported, importObjects } from '../app/import-objects.ts';
import type { Importer } from '../importer.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';
import { reasonOption } from './reason-option.ts';
import { waitingText } from './waiting-text.ts';
import { withDesk } from './with-desk.ts';
import { configOption, dataOption, printWarnings, type StoreOptions } from './with-store.ts';

interface ImportCommandOptions extends StoreOptions {
  readonly reason?: string;
  readonly merge?: true;
}

/** `sluice import FORMAT FILE`. */
export function importCommand(context: Context): Command {
  const formats = context.importers.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n');
  return new Command('import')
    .summary('bring rules, releases or throttles from another system')
    .description(
      `Brings what another system holds, all or nothing. What the store has of the kinds that the file carries is\nreplaced, and the sample world removed. Where a policy wants sign-offs, it is proposed as a change and waits for\nthem.\n\nFormats:\n${formats}`,
    )
    .argument('<format>', context.importers.map(({ name }) => name).join(' or '))
    .argument('<file>')
    .option('--merge', 'add to what is there instead of replacing it')
    .addOption(reasonOption())
    .addOption(dataOption())
    .addOption(configOption())
    .action((format: string, file: string, options: ImportCommandOptions) => run(context, format, file, options));
}

async function run(context: Context, format: string, file: string, options: ImportCommandOptions): Promise<void> {
  const read = importerNamed(context, format).read(await readText(file));
  checkImport(read);
  const mode = options.merge === true ? 'add' : 'replace';
  const { reason = `import ${format}` } = options;
  const imported = await withDesk(context, options, (desk) => importObjects(desk, read, { mode, reason }));
  printWarnings(context, imported.warnings);
  context.print(resultText(read.objects, imported));
  if (imported.scheduled.length > 0) context.print(scheduledText(imported.scheduled));
}

function resultText(objects: Parameters<typeof countByKind>[0], { waiting, changed, revision }: Imported): string {
  if (waiting !== undefined) return waitingText(waiting);
  return `${changed ? 'imported' : 'nothing changed by'} ${countByKind(objects)}; revision ${revision}`;
}

function scheduledText(changes: Imported['scheduled']): string {
  const ids = changes.map(({ id }) => id).join(', ');
  return changes.length === 1
    ? `one scheduled change waits: ${ids}`
    : `${changes.length} scheduled changes wait: ${ids}`;
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
