import { Command } from 'commander';
import { Problem } from '../../problem.ts';
import { parseStructured } from '../../structured-text.ts';
import { addConditionOptions, type ConditionOptions, conditionIn } from '../condition-options.ts';
import type { Context } from '../context.ts';
import { findObjectIn } from '../find-object.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { readChainFile } from './chain-file.ts';
import { readSteps } from './read-steps.ts';
import type { ShownChain } from './shown-chain.ts';
import { tellChain } from './tell-chain.ts';

interface RampOptions extends ConditionOptions {
  readonly rule?: string;
  readonly steps?: string;
  readonly if?: string;
  readonly backTo?: string;
  readonly backWhen?: string;
}

interface ProposeOptions extends ApiOptions, RampOptions {
  readonly reason?: string;
  readonly priority?: number;
  readonly json?: true;
}

/** `sluice chain propose`. */
export function proposeChainCommand(context: Context): Command {
  const command = addApiOptions(new Command('propose').summary('propose a chain'))
    .description('Proposes a chain: what a file says, or the shares of one rule, one after the other.')
    .argument('[file]', 'a file of steps, as YAML or JSON')
    .option('--rule <name>', 'the rule whose share is raised')
    .option('--steps <list>', 'its shares, each with the time that the one before is held: 1,5@24h,25@24h')
    .option('--if <condition>', 'what each step but the first waits for besides, as YAML or JSON')
    .option('--back-when <condition>', 'what a last step waits for, which ends the rollout, as YAML or JSON')
    .option('--back-to <percent>', 'the share of that last step (default: 0)')
    .option('--reason <text>', 'why; people read it when they sign')
    .option('--priority <n>', 'higher first among those that are due (default: 0)', wholeNumber('a priority', -1000));
  return addConditionOptions(command)
    .addHelpText('after', '\n--at, --zone and --when are for the first step.')
    .option('--json', 'print the chain as JSON')
    .action((file: string | undefined, options: ProposeOptions) => propose(context, file, options));
}

async function propose(context: Context, file: string | undefined, options: ProposeOptions): Promise<void> {
  const ramp = rampIn(options);
  if ((file === undefined) === (ramp === undefined))
    throw new Problem('usage', 'name either a file of steps, or --rule and --steps');
  const api = openApi(context, options);
  const read = file === undefined ? { ramp } : await readChainFile(file, findObjectIn(api));
  const { reason, priority } = options;
  const body = { ...read, ...(reason !== undefined && { reason }), ...(priority !== undefined && { priority }) };
  if (!('reason' in body)) throw new Problem('usage', 'a chain needs a --reason');
  const answer = await api.send<ShownChain>('POST', '/chains', body);
  tellChain(context, answer.body, options);
}

/** The rollout that options say; `undefined` where they say none. */
function rampIn(options: RampOptions): object | undefined {
  const { rule, steps, if: healthy, backTo, backWhen } = options;
  const first = conditionIn(options);
  if (rule === undefined || steps === undefined) {
    const rest = [rule, steps, healthy, backTo, backWhen, first];
    if (rest.some((one) => one !== undefined)) throw new Problem('usage', 'a rollout needs --rule and --steps');
    return undefined;
  }
  if (backTo !== undefined && backWhen === undefined) throw new Problem('usage', '--back-to needs --back-when');
  if (backTo !== undefined && !/^\d+(?:\.\d+)?$/.test(backTo))
    throw new Problem('usage', `--back-to takes a percentage, not '${backTo}'`);
  const later = healthy === undefined ? undefined : parseStructured(healthy, 'invalid-object', '--if');
  return {
    rule,
    steps: readSteps(steps).map((step, i) => {
      const condition = i === 0 ? first : later;
      return { ...step, ...(condition !== undefined && { if: condition }) };
    }),
    ...(backWhen !== undefined && {
      back: { percent: Number(backTo ?? 0), when: parseStructured(backWhen, 'invalid-object', '--back-when') },
    }),
  };
}
