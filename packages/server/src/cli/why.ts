import { Command } from 'commander';
import type { ChangeState } from '../change.ts';
import type { Context } from './context.ts';
import { printLines } from './print-lines.ts';
import { wholeNumber } from './whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';

/** Why a change waits, as the API shows it. */
export interface ShownWhy {
  readonly id: number;
  readonly state: ChangeState;
  readonly reason: string;
  readonly proposer: string;
  readonly chain?: { readonly id: number; readonly step: number; readonly of: number };
  readonly waitsFor: readonly string[];
  readonly leaves?: readonly ShownLeaf[];
  readonly expectedAt?: string;
  readonly notices?: { readonly state: string; readonly says: string };
  readonly attempts?: { readonly failures: number; readonly nextAt: string; readonly detail?: string };
  readonly overshoot?: { readonly says: string };
  readonly end?: { readonly by: string; readonly at: string; readonly reason: string; readonly revision?: number };
}

interface ShownLeaf {
  readonly truth: string;
  readonly says: string;
  readonly reading?: { readonly note: string };
  readonly expectedAt?: string;
}

/** `sluice why CHANGE`. */
export function whyCommand(context: Context): Command {
  return addApiOptions(new Command('why').summary('why a change has not been enacted yet, or what became of it'))
    .description('Says what a change waits for, what each part of its condition comes to, and when it is expected.')
    .argument('<change>', 'its number', wholeNumber('the number of a change'))
    .option('--json', 'print what the API answers')
    .action(async (id: number, options: ApiOptions & { readonly json?: true }) => {
      const { body } = await openApi(context, options).get<ShownWhy>(`/changes/${id}/why`);
      if (options.json === true) context.print(JSON.stringify(body, null, 2));
      else printLines(context, whyLines(body));
    });
}

/** What is to be said about a change, the most important thing first. */
export function whyLines(why: ShownWhy): readonly string[] {
  const {
    id,
    state,
    reason,
    proposer,
    chain,
    waitsFor,
    leaves = [],
    expectedAt,
    notices,
    attempts,
    overshoot,
    end,
  } = why;
  const step = chain === undefined ? '' : `, step ${chain.step} of ${chain.of} of chain ${chain.id}`;
  const isOpen = end === undefined;
  return [
    `change ${id} is ${state}${step}: ${reason} (proposed by ${proposer})`,
    ...(end === undefined ? [] : endLines(end)),
    ...waitsFor.map((what) => `  waits for  ${what}`),
    ...(isOpen && waitsFor.length === 0 ? ['  waits for  nothing but to be enacted'] : []),
    ...(expectedAt === undefined ? [] : [`  expected   ${expectedAt}`]),
    ...leaves.flatMap(leafLines),
    ...(notices === undefined ? [] : [`  notices    ${notices.says}`]),
    ...(attempts === undefined ? [] : [attemptsLine(attempts)]),
    ...(overshoot === undefined ? [] : [`  overshoot  ${overshoot.says}`]),
  ];
}

function endLines({ by, at, reason, revision }: NonNullable<ShownWhy['end']>): readonly string[] {
  const made = revision === undefined ? '' : `, revision ${revision}`;
  return [`  ended      at ${at} by ${by}${made}${reason === '' ? '' : `: ${reason}`}`];
}

function leafLines({ truth, says, reading, expectedAt }: ShownLeaf): readonly string[] {
  return [
    `  ${truth.padEnd(9)}  ${says}${expectedAt === undefined ? '' : `; expected at ${expectedAt}`}`,
    ...(reading === undefined ? [] : [`             ${reading.note}`]),
  ];
}

function attemptsLine({ failures, nextAt, detail }: NonNullable<ShownWhy['attempts']>): string {
  const why = detail === undefined ? '' : `: ${detail}`;
  return `  attempts   ${failures} failed in a row${why}; not again before ${nextAt}`;
}
