import { Command } from 'commander';
import type { Context } from '../context.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import type { ShownChain } from './shown-chain.ts';
import { tellChain } from './tell-chain.ts';

interface ActOptions extends ApiOptions {
  readonly seen?: number;
  readonly role?: string;
  readonly reason?: string;
  readonly json?: true;
}

/** `sluice chain sign ID` and the others that do one thing to all steps that are still to come. */
export function chainActCommands(context: Context): readonly Command[] {
  const seen = 'the version of the chain that you saw, as sluice chain show tells it';
  const version = wholeNumber('a version');
  return [
    actCommand(context, 'sign', 'sign-off', 'sign all steps that are still to come, as you have seen them')
      .requiredOption('--seen <version>', seen, version)
      .option('--role <role>', 'the role in which you sign, where you hold several that are asked'),
    actCommand(context, 'withdraw', 'withdraw-sign-off', 'take your sign-offs back').option(
      '--seen <version>',
      `${seen}; without it, whatever it is now`,
      version,
    ),
    actCommand(context, 'veto', 'veto', 'stop all steps that are still to come, for good')
      .requiredOption('--reason <text>', 'why')
      .option('--seen <version>', `${seen}; without it, whatever it is now`, version),
  ];
}

function actCommand(context: Context, name: string, path: string, summary: string): Command {
  return addApiOptions(new Command(name).summary(summary))
    .argument('<id>', 'its number, which is that of its first step', wholeNumber('the number of a chain'))
    .option('--json', 'print the chain as JSON')
    .action(async (id: number, { seen, role, reason, ...options }: ActOptions) => {
      const body = { ...(role !== undefined && { role }), ...(reason !== undefined && { reason }) };
      const api = openApi(context, options);
      const answer = await api.send<ShownChain>('POST', `/chains/${id}/${path}`, body, { version: seen });
      tellChain(context, answer.body, options);
    });
}
