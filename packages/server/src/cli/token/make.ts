import { Command, Option } from 'commander';
import { makeToken } from '../../app/sign-in/make-token.ts';
import { type Scope, scopes } from '../../permission.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import { collect } from '../collect.ts';
import type { Context } from '../context.ts';
import { printLines } from '../print-lines.ts';
import { addStoreOrApiOptions, isDirect, type StoreOrApiOptions } from '../store-or-api.ts';
import { userName } from '../user-name.ts';
import { wholeNumber } from '../whole-number.ts';
import { openApi } from '../with-api.ts';
import { existing, withStore } from '../with-store.ts';
import { readOwner } from './read-owner.ts';

interface MakeOptions extends StoreOrApiOptions {
  readonly owner?: string;
  readonly scope: readonly string[];
  readonly days: number;
  readonly json?: true;
}

/** A token as it is shown the one time. */
interface ShownMade {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly scopes?: readonly Scope[];
  readonly expiresAt: string;
  readonly secret: string;
}

const dayMs = 86_400_000;
const usualDays = 90;

/** `sluice token make NAME`. */
export function makeTokenCommand(context: Context): Command {
  const scope = new Option('--scope <action>', `what it is limited to: ${scopes.join(', ')}; may be repeated`)
    .argParser(collect)
    .default([], 'all that its owner may do');
  return addStoreOrApiOptions(new Command('make').summary('make a token, and show its secret this once'))
    .description(
      'Makes a token and prints its secret, which is never shown again. With --data or --direct, whoever runs the machine makes one\nfor anybody: that is how the first token is made.',
    )
    .argument('<name>', 'by which people know it')
    .option('--owner <principal>', 'user:NAME or service-account:NAME (default: yourself, over the API)')
    .addOption(scope)
    .option('--days <n>', 'how long it lasts', wholeNumber('a number of days'), usualDays)
    .option('--json', 'print it as JSON')
    .action(async (name: string, options: MakeOptions) => {
      const made = await (isDirect(options) ? makeDirectly : makeOverApi)(context, name, options);
      if (options.json === true) context.print(JSON.stringify(made, null, 2));
      else {
        context.warn(
          `token ${made.id} of ${made.owner}, until ${made.expiresAt}; this is the only time that it is shown:`,
        );
        printLines(context, [made.secret]);
      }
    });
}

async function makeDirectly(context: Context, name: string, options: MakeOptions): Promise<ShownMade> {
  const { owner, days } = options;
  if (owner === undefined)
    throw new Problem('usage', 'say whose token it is: --owner user:NAME or service-account:NAME');
  const nowMs = context.nowMs();
  const request = {
    name,
    owner: readOwner(owner),
    scopes: scopesIn(options),
    expiresAtMs: nowMs + days * dayMs,
    by: principalText({ kind: 'local', name: userName() }),
  };
  const { token, secret } = await withStore(context, options, (store) => makeToken(store, request, nowMs), existing);
  const { id, scopes: limits, expiresAtMs } = token;
  const limited = limits !== undefined && { scopes: limits };
  return { id, owner: token.owner, name, ...limited, expiresAt: new Date(expiresAtMs).toISOString(), secret };
}

async function makeOverApi(context: Context, name: string, options: MakeOptions): Promise<ShownMade> {
  const { owner, days } = options;
  const expiresAt = new Date(context.nowMs() + days * dayMs).toISOString();
  const wish = {
    name,
    ...(owner !== undefined && { owner: principalText(readOwner(owner)) }),
    scopes: scopesIn(options),
    expiresAt,
  };
  return (await openApi(context, options).send<ShownMade>('POST', '/tokens', wish, { onlyOnce: true })).body;
}

function scopesIn({ scope }: MakeOptions): readonly Scope[] | undefined {
  const unknown = scope.find((one) => !scopes.some((known) => known === one));
  if (unknown !== undefined) throw new Problem('usage', `there is no scope ${unknown}; there are ${scopes.join(', ')}`);
  return scope.length === 0 ? undefined : (scope as readonly Scope[]);
}
