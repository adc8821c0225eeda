import type { Command } from 'commander';
import type { Condition } from 'sluice';
import { Problem } from '../problem.ts';
import { parseStructured } from '../structured-text.ts';

/** When a change may be enacted, as a command line says it. */
export interface ConditionOptions {
  readonly at?: string;
  readonly zone?: string;
  readonly when?: string;
}

export function addConditionOptions(command: Command): Command {
  return command
    .option('--at <time>', 'not before: 2026-12-01T10:00 with --zone, or with an offset, 2026-12-01T10:00+01:00')
    .option('--zone <zone>', 'the time zone of --at, such as Europe/Berlin')
    .option('--when <condition>', 'any condition, as YAML or JSON');
}

/** The condition that options say; `undefined` where they say none. @throws Problem `usage`, `invalid-object`. */
export function conditionIn({ at, zone, when }: ConditionOptions): Condition | undefined {
  if (at !== undefined && when !== undefined) throw new Problem('usage', '--at and --when exclude each other');
  if (zone !== undefined && at === undefined) throw new Problem('usage', '--zone needs --at');
  if (when !== undefined) return parseStructured(when, 'invalid-object', '--when') as Condition;
  if (at === undefined) return undefined;
  if (zone === undefined && !/(?:Z|[+-]\d\d:\d\d)$/i.test(at))
    throw new Problem('usage', `say in which zone ${at} is: --zone Europe/Berlin, or an offset such as ${at}+01:00`);
  return { time: { after: at, ...(zone !== undefined && { zone }) } };
}
