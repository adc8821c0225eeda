import { Command } from 'commander';
import type { Context } from './context.ts';
import { listTokensCommand } from './token/list.ts';
import { makeTokenCommand } from './token/make.ts';
import { revokeTokenCommand } from './token/revoke.ts';

/** `sluice token …`. */
export function tokenCommand(context: Context): Command {
  return new Command('token')
    .summary('make, list and revoke tokens')
    .description('Makes, lists and revokes the tokens with which programs use the API.')
    .addCommand(makeTokenCommand(context))
    .addCommand(listTokensCommand(context))
    .addCommand(revokeTokenCommand(context));
}
