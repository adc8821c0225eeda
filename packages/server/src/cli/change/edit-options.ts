import { type Command, Option } from 'commander';
import { Problem } from '../../problem.ts';
import { collect } from '../collect.ts';
import { type EditsFile, readEditsFile } from './edits-file.ts';
import { type FindObject, type QuickEditOptions, quickEdits } from './quick-edits.ts';

/** Gives a command the options that say edits. */
export function addEditOptions(command: Command, file = 'a file of edits, as YAML or JSON'): Command {
  const repeated = (flags: string, what: string): Option =>
    new Option(flags, `${what}; may be repeated`).argParser(collect).default([], 'none');
  return command
    .argument('[file]', file)
    .addOption(repeated('--set <edit>', "set a field: 'KIND NAME PATH=VALUE'"))
    .addOption(repeated('--unset <edit>', "remove a field: 'KIND NAME PATH'"))
    .addOption(repeated('--put <file>', 'create or replace the objects of a file, as sluice put takes it'))
    .addOption(repeated('--delete <object>', "delete an object: 'KIND NAME'"));
}

/** All edits that a file and options say, together; none where they say none. @throws Problem `usage` and what else is wrong. */
export async function editsIn(
  file: string | undefined,
  options: QuickEditOptions,
  find: FindObject,
): Promise<EditsFile> {
  const read = file === undefined ? { edits: [] } : await readEditsFile(file, find);
  const edits = [...read.edits, ...(await quickEdits(options, find))];
  const names = edits.map(({ kind, name }) => `${kind} ${name}`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Problem('usage', `${twice} is edited twice; say all of it in one form`);
  return { ...read, edits };
}
