import { Command } from 'commander';
import { actCommands } from './change/act.ts';
import { editChangeCommand } from './change/edit.ts';
import { listChangesCommand } from './change/list.ts';
import { proposeChangeCommand } from './change/propose.ts';
import { showChangeCommand } from './change/show.ts';
import type { Context } from './context.ts';

/** `sluice change …`. */
export function changeCommand(context: Context): Command {
  const command = new Command('change')
    .summary('propose, sign, stop and follow changes')
    .description('Proposes, signs, stops and follows changes, through the API of a server.');
  for (const make of [listChangesCommand, showChangeCommand, proposeChangeCommand, editChangeCommand])
    command.addCommand(make(context));
  for (const act of actCommands(context)) command.addCommand(act);
  return command;
}
