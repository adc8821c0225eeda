import { Command } from 'commander';
import type { Context } from './context.ts';
import type { End } from './end.ts';
import { readSignalCommand } from './signal/read.ts';

/** `sluice signal …`. */
export function signalCommand(context: Context, end: End): Command {
  return new Command('signal')
    .summary('try what is read outside')
    .description('Tries signals that are read outside, as an agent of this machine would read them.')
    .addCommand(readSignalCommand(context, end));
}
