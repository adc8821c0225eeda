import { Command } from 'commander';
import type { KindName } from '../kind.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { differenceLines } from './difference-lines.ts';
import { kindArgument } from './kind-argument.ts';
import { objectAddress } from './object-address.ts';
import { pagesOf } from './pages-of.ts';
import { printLines } from './print-lines.ts';
import { wholeNumber } from './whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';

interface HistoryOptions extends ApiOptions {
  readonly limit: number;
  readonly diff?: string;
  readonly json?: true;
}

/** A version in the history of an object, as the API shows it. */
interface ShownVersion {
  readonly version: number;
  readonly revision: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly change?: number;
  readonly deleted: boolean;
}

/** `sluice history KIND NAME`. */
export function historyCommand(context: Context): Command {
  return addApiOptions(new Command('history').summary('who changed an object, when and why'))
    .description('Lists the versions of an object, the newest first, or shows what differs between two of them.')
    .addArgument(kindArgument())
    .argument('<name>')
    .option('--limit <n>', 'how many versions at most', wholeNumber('a limit'), 50)
    .option('--diff <from..to>', 'what differs between two versions: 3..5, or 3.. for the newest')
    .option('--json', 'print what the API answers')
    .action((kind: KindName, name: string, options: HistoryOptions) =>
      options.diff === undefined
        ? listVersions(context, kind, name, options)
        : showDifference(context, kind, name, { ...options, diff: options.diff }),
    );
}

async function listVersions(context: Context, kind: KindName, name: string, options: HistoryOptions): Promise<void> {
  const path = `${objectAddress({ kind, name })}/versions`;
  const versions: ShownVersion[] = [];
  for await (const one of pagesOf<ShownVersion>(openApi(context, options), path, 'versions', {}, options.limit))
    versions.push(one);
  if (options.json === true) context.print(JSON.stringify({ versions }, null, 2));
  else printLines(context, versions.map(versionLine));
}

function versionLine({ version, revision, at, by, reason, change, deleted }: ShownVersion): string {
  const enacted = change === undefined ? '' : `, change ${change}`;
  return `version ${version}  ${at}  ${by}: ${reason}  (revision ${revision}${enacted}${deleted ? ', deleted' : ''})`;
}

async function showDifference(
  context: Context,
  kind: KindName,
  name: string,
  { diff, ...options }: HistoryOptions & { readonly diff: string },
): Promise<void> {
  const [, from, to] = /^(\d{1,15})\.\.(\d{1,15})?$/.exec(diff) ?? [];
  if (from === undefined) throw new Problem('usage', `--diff takes two versions such as 3..5, not ${diff}`);
  const path = `${objectAddress({ kind, name })}/diff`;
  const { body } = await openApi(context, options).get<ShownDifference>(path, { from, to });
  const { before, after } = body;
  if (options.json === true) context.print(JSON.stringify(body, null, 2));
  else printLines(context, differenceLines({ kind, name, before: before.body, after: after.body }));
}

/** What lies between two versions, as the API shows it; where the object was deleted there is no body. */
interface ShownDifference {
  readonly before: ShownVersion & { readonly body?: unknown };
  readonly after: ShownVersion & { readonly body?: unknown };
}
