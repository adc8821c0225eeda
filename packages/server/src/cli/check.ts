import { Command } from 'commander';
import { type Edit, prepareEdits } from '../app/commit-edits.ts';
import { makeSalt } from '../app/draw-ticket.ts';
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
      const { format, edits, warnings, mistakes } = recognize(context, await readText(file));
      const code = format === 'objects' ? 'invalid-object' : 'invalid-import';
      const prepared = prepareEdits([], edits, { makeSalt, doubts: 'accept', code, mistakes });
      printWarnings(context, [...warnings, ...prepared.warnings]);
      context.print(`${file}: ${format}, ${edits.length} object${edits.length === 1 ? '' : 's'}, no mistakes`);
    });
}

interface Recognized {
  readonly format: string;
  readonly edits: readonly Edit[];
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
    return { format: 'objects', edits, mistakes, warnings: [] };
  }
  const { objects, warnings, mistakes = [] } = importer.read(text);
  return { format: importer.name, edits: objects, warnings, mistakes };
}

/** A Balrog file has tables where an objects file has a kind or a format. */
function isBalrogFile(text: string): boolean {
  return (
    /^\s*\{/.test(text) &&
    /"(?:rules|releases|pinnable_releases|emergency_shutoffs|config)"\s*:/.test(text) &&
    !/"format"\s*:\s*"sluice-export/.test(text)
  );
}
