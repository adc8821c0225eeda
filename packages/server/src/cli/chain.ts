import { Command } from 'commander';
import { chainActCommands } from './chain/act.ts';
import { listChainsCommand } from './chain/list.ts';
import { proposeChainCommand } from './chain/propose.ts';
import { showChainCommand } from './chain/show.ts';
import type { Context } from './context.ts';

/** `sluice chain …`. */
export function chainCommand(context: Context): Command {
  const command = new Command('chain')
    .summary('propose, sign and stop several changes, one after the other')
    .description('Proposes, signs and stops chains of changes, each of which waits for the one before.');
  for (const make of [listChainsCommand, showChainCommand, proposeChainCommand]) command.addCommand(make(context));
  for (const act of chainActCommands(context)) command.addCommand(act);
  return command;
}
