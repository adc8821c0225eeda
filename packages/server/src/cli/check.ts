import { Command } from 'commander';
import { makeSalt } from '../app/draw-ticket.ts';
import { type Edit, mistakesIn, prepareEdits } from '../app/prepare-edits.ts';
import type { Mistake } from '../problem.ts';
import type { Context } from './context.ts';
import { readObjectsFile } from './objects-file.ts';
import { readText } from './read-text.ts';
import { printWarnings } from './with-store.ts';

/** `sluice check FILE`. */
export function checkCommand(context: Context): Command {
  return new Command('check')
    .summary('check a file without writing anything')
    .description(
      'Checks a Balrog export, an AUS2 configuration, or a file for sluice put, and lists every mistake in it.',
    )
    .argument('<file>')
    .action(async (file: string) => {
      const { format, edits, changes, warnings, mistakes } = recognize(context, await readText(file));
      const code = format === 'objects' ? 'invalid-object' : 'invalid-import';
      const prepared = prepareEdits([], edits, { makeSalt, doubts: 'accept', code, mistakes });
      printWarnings(context, [...warnings, ...prepared.warnings]);
      const counts = [count(edits.length, 'object'), ...(changes > 0 ? [count(changes, 'scheduled change')] : [])];
      context.print(`${file}: ${format}, ${counts.join(', ')}, no mistakes`);
    });
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

interface Recognized {
  readonly format: string;
  readonly edits: readonly Edit[];
  /** How many changes wait in it. */
  readonly changes: number;
  readonly warnings: readonly Mistake[];
  readonly mistakes: readonly Mistake[];
}

function recognize({ importers }: Context, text: string): Recognized {
  const format = /^\s*(?:<\?php|\$\w+\s*=|define\s*\()/m.test(text)
    ? 'aus2'
    : isBalrogFile(text)
      ? 'balrog'
      : undefined;
  const importer = importers.find(({ name }) => name === format);
  if (importer === undefined) {
    const { edits, mistakes } = readObjectsFile(text);
    return { format: 'objects', edits, changes: 0, mistakes, warnings: [] };
  }
  const { objects, changes = [], warnings, mistakes = [] } = importer.read(text);
  const all = [...mistakes, ...changes.flatMap((change) => mistakesIn(change.edits))];
  return { format: importer.name, edits: objects, changes: changes.length, warnings, mistakes: all };
}

/** A Balrog file has tables where an objects file has a kind or a format. */
function isBalrogFile(text: string): boolean {
  return (
    /^\s*\{/.test(text) &&
    /"(?:rules|releases|pinnable_releases|emergency_shutoffs|config|permissions|user_roles|\w+_req_signoffs|\w+_scheduled_changes)"\s*:/.test(
      text,
    ) &&
    !/"format"\s*:\s*"sluice-export/.test(text)
  );
}
