import { Command } from 'commander';
import { principalText } from '../../principal.ts';
import type { Context } from '../context.ts';
import { pagesOf } from '../pages-of.ts';
import { printLines } from '../print-lines.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { readOwner } from './read-owner.ts';

interface ShownToken {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly scopes?: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt?: string;
  readonly usedAt?: string;
}

/** `sluice token list`. */
export function listTokensCommand(context: Context): Command {
  return addApiOptions(new Command('list').summary('list tokens, without their secrets'))
    .option('--owner <principal>', 'those of somebody else (default: yours)')
    .option('--json', 'print them as JSON')
    .action(async (options: ApiOptions & { readonly owner?: string; readonly json?: true }) => {
      const { owner, json } = options;
      const query = { owner: owner === undefined ? undefined : principalText(readOwner(owner)) };
      const tokens: ShownToken[] = [];
      for await (const token of pagesOf<ShownToken>(openApi(context, options), '/tokens', 'tokens', query))
        tokens.push(token);
      if (json === true) context.print(JSON.stringify({ tokens }, null, 2));
      else printLines(context, tokens.length === 0 ? ['no tokens'] : tokens.map(tokenLine));
    });
}

function tokenLine({ id, owner, name, scopes, expiresAt, revokedAt, usedAt }: ShownToken): string {
  const state = revokedAt === undefined ? `until ${expiresAt}` : `revoked at ${revokedAt}`;
  const limits = scopes === undefined ? '' : `, only ${scopes.join(' ')}`;
  return `${id}  ${owner}  ${name}  (${state}, ${usedAt === undefined ? 'never used' : `last used ${usedAt}`}${limits})`;
}
