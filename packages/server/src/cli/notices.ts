import { Command } from 'commander';
import type { Context } from './context.ts';
import { listNoticesCommand } from './notices/list.ts';
import { testNotifierCommand } from './notices/test.ts';

/** `sluice notices …`. */
export function noticesCommand(context: Context): Command {
  return new Command('notices')
    .summary('see who was told of changes, and try notifiers out')
    .description('Shows who was and is to be told of changes, through the API of a server, and tries notifiers out.')
    .addCommand(listNoticesCommand(context), { isDefault: true })
    .addCommand(testNotifierCommand(context));
}
