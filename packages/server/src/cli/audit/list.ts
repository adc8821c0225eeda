import { Command } from 'commander';
import type { Context } from '../context.ts';
import { pagesOf } from '../pages-of.ts';
import { printLines } from '../print-lines.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';

interface ListOptions extends ApiOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly change?: number;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly json?: true;
}

/** An entry as the API shows it. */
interface ShownEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly change?: number;
  readonly subject?: string;
}

/** `sluice audit list`. */
export function listAuditCommand(context: Context): Command {
  return addApiOptions(new Command('list').summary('list what was done, the newest first'))
    .option('--actor <principal>', 'only what one did: user:ada@example.org')
    .option('--action <action>', 'only such acts: change.enacted, or change. for all that begin so')
    .option('--change <id>', 'only what is about a change', wholeNumber('the number of a change'))
    .option('--from <time>', 'not before a time such as 2026-12-01T10:00:00Z')
    .option('--to <time>', 'not after a time')
    .option('--limit <n>', 'how many at most', wholeNumber('a limit'), 50)
    .option('--json', 'print the entries as JSON, with all that they rest on')
    .action(async (options: ListOptions) => {
      const entries = await readEntries(context, options);
      if (options.json === true) context.print(JSON.stringify({ entries }, null, 2));
      else printLines(context, entries.length === 0 ? ['no entries'] : entries.map(entryLine));
    });
}

async function readEntries(context: Context, options: ListOptions): Promise<readonly ShownEntry[]> {
  const { actor, action, change, from, to, limit } = options;
  const query = { actor, action, change, from, to };
  const entries: ShownEntry[] = [];
  for await (const one of pagesOf<ShownEntry>(openApi(context, options), '/audit', 'entries', query, limit))
    entries.push(one);
  return entries;
}

function entryLine({ seq, at, actor, action, change, subject }: ShownEntry): string {
  const about = [...(change === undefined ? [] : [`change ${change}`]), ...(subject === undefined ? [] : [subject])];
  return `${String(seq).padStart(6)}  ${at}  ${actor}  ${action}${about.length === 0 ? '' : `  ${about.join(', ')}`}`;
}
