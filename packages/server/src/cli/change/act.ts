import { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ShownChange } from '../shown-change.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { tellChange } from './tell-change.ts';

interface ActOptions extends ApiOptions {
  readonly seen?: number;
  readonly role?: string;
  readonly reason?: string;
  readonly json?: true;
}

interface ActSpec {
  readonly name: string;
  readonly summary: string;
  /** What the API calls it. */
  readonly path: string;
  /** What it takes besides the change. */
  readonly takes?: 'reason' | 'role';
  /** Whether it must say which version was seen. */
  readonly needsSeen?: true;
}

const acts: readonly ActSpec[] = [
  { name: 'submit', summary: 'put a draft up for sign-off', path: 'submit' },
  {
    name: 'sign',
    summary: 'give your sign-off to what you have seen',
    path: 'sign-off',
    takes: 'role',
    needsSeen: true,
  },
  { name: 'withdraw', summary: 'take your sign-off back', path: 'withdraw-sign-off' },
  { name: 'veto', summary: 'stop a change for good', path: 'veto', takes: 'reason' },
  { name: 'revert', summary: 'propose what takes an enacted change back', path: 'revert', takes: 'reason' },
  { name: 'enact', summary: 'have a change enacted that is due', path: 'enact' },
];

/** `sluice change submit ID` and the others that do one thing to one change. */
export function actCommands(context: Context): readonly Command[] {
  return acts.map((spec) => actCommand(context, spec));
}

function actCommand(context: Context, { name, summary, path, takes, needsSeen }: ActSpec): Command {
  const command = addApiOptions(new Command(name).summary(summary)).argument(
    '<id>',
    'its number',
    wholeNumber('the number of a change'),
  );
  const seen = 'the version of the change that you saw, as sluice change show tells it';
  if (needsSeen === true) command.requiredOption('--seen <version>', seen, wholeNumber('a version'));
  else command.option('--seen <version>', `${seen}; without it, whatever it is now`, wholeNumber('a version'));
  if (takes === 'reason') command.requiredOption('--reason <text>', 'why');
  if (takes === 'role')
    command.option('--role <role>', 'the role in which you sign, where you hold several that are asked');
  return command
    .option('--json', 'print the change as JSON')
    .action(async (id: number, { seen: version, role, reason, ...options }: ActOptions) => {
      const body = { ...(role !== undefined && { role }), ...(reason !== undefined && { reason }) };
      const api = openApi(context, options);
      const answer = await api.send<ShownChange>('POST', `/changes/${id}/${path}`, body, { version });
      tellChange(context, answer.body, options);
    });
}
