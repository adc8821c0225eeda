import { Command, Option } from 'commander';
import { type NoticeState, noticeStates } from '../../notice.ts';
import { Problem } from '../../problem.ts';
import { collect } from '../collect.ts';
import type { Context } from '../context.ts';
import { pagesOf } from '../pages-of.ts';
import { printLines } from '../print-lines.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';

/** A notice as the API shows it. */
interface ShownNotice {
  readonly id: string;
  readonly event: string;
  readonly notifier: string;
  readonly change?: number;
  readonly state: NoticeState;
  readonly sendAt: string;
  readonly attempts: number;
  readonly nextAt?: string;
  readonly deliveredAt?: string;
  readonly trouble?: string;
}

interface ListOptions extends ApiOptions {
  readonly state: readonly string[];
  readonly notifier?: string;
  readonly limit: number;
  readonly json?: true;
}

const usualLimit = 50;

/** `sluice notices [CHANGE]`. */
export function listNoticesCommand(context: Context): Command {
  return addApiOptions(new Command('list').summary('list notices, the newest first; of one change, or of all'))
    .argument('[change]', 'its number', wholeNumber('the number of a change'))
    .addOption(
      new Option('--state <state>', `only ${noticeStates.join(', ')}; may be repeated`)
        .argParser(collect)
        .default([], 'all'),
    )
    .option('--notifier <name>', 'only those of one notifier')
    .option('--limit <n>', 'how many at most', wholeNumber('how many'), usualLimit)
    .option('--json', 'print them as JSON')
    .action(async (change: number | undefined, options: ListOptions) => {
      const notices = await noticesOf(context, change, options);
      if (options.json === true) context.print(JSON.stringify({ notices }, null, 2));
      else printLines(context, notices.length === 0 ? ['no notices'] : notices.map(noticeLine));
    });
}

async function noticesOf(context: Context, change: number | undefined, options: ListOptions) {
  const { state, notifier, limit } = options;
  const unknown = state.find((one) => !noticeStates.some((known) => known === one));
  if (unknown !== undefined)
    throw new Problem('usage', `there is no state ${unknown}; there are ${noticeStates.join(', ')}`);
  const api = openApi(context, options);
  const found: ShownNotice[] = [];
  if (change === undefined) {
    for await (const one of pagesOf<ShownNotice>(api, '/notices', 'notices', { state, notifier }, limit))
      found.push(one);
    return found;
  }
  const { body } = await api.get<{ readonly notices: readonly ShownNotice[] }>(`/changes/${change}/notices`);
  const isMeant = (one: ShownNotice): boolean =>
    (state.length === 0 || state.includes(one.state)) && (notifier === undefined || one.notifier === notifier);
  return body.notices.filter(isMeant).slice(0, limit);
}

function noticeLine(notice: ShownNotice): string {
  const { event, notifier, change, state, sendAt, attempts, nextAt, deliveredAt, trouble } = notice;
  const of = change === undefined ? '' : ` of change ${change}`;
  const when = deliveredAt ?? nextAt ?? sendAt;
  const tried = attempts > 1 || trouble !== undefined ? `, ${attempts} attempt${attempts === 1 ? '' : 's'}` : '';
  return `${when}  ${state}  ${event}${of} to ${notifier}${tried}${trouble === undefined ? '' : `: ${trouble}`}`;
}
