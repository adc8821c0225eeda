import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import type { Condition } from 'sluice';
import type { ChangeEdit } from '../change.ts';
import type { ApiClient } from './api-client.ts';
import { changeLines } from './change/change-lines.ts';
import { waitForChange } from './change/wait-for-change.ts';
import { addConditionOptions, type ConditionOptions, conditionIn } from './condition-options.ts';
import type { Context } from './context.ts';
import { countDifferences } from './difference-lines.ts';
import type { End } from './end.ts';
import { pagesOf } from './pages-of.ts';
import { plainLine } from './plain-line.ts';
import { printLines } from './print-lines.ts';
import type { ListedChange, ShownChange } from './shown-change.ts';
import { findTreeDifference } from './tree/tree-difference.ts';
import { wholeNumber } from './whole-number.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';
import { printWarnings } from './with-store.ts';

interface ApplyOptions extends ApiOptions, ConditionOptions {
  readonly reason: string;
  readonly prune?: true;
  readonly acceptDoubts?: true;
  readonly wait?: true;
  readonly waitSeconds?: number;
  readonly json?: true;
}

/** `sluice apply DIR`. */
export function applyCommand(context: Context, end: End): Command {
  const command = addApiOptions(new Command('apply').summary('propose what makes a server have what a folder says'))
    .description('Compares a folder of objects with what a server has, and proposes all that differs as one change.')
    .argument('<dir>', 'as sluice export --dir writes it')
    .requiredOption('--reason <text>', 'why; people read it when they sign')
    .option('--prune', 'also delete the last object of a kind whose folder is empty')
    .option('--accept-doubts', 'take content of doubtful use all the same')
    .option('--wait', 'wait until the change is enacted, vetoed or has failed; exit with 1 unless it is enacted')
    .option('--wait-seconds <n>', 'the same, but not longer than that', wholeNumber('a number of seconds'));
  return addConditionOptions(command)
    .option('--json', 'print the change as JSON')
    .action((folder: string, options: ApplyOptions) => apply(context, folder, options, end));
}

async function apply(context: Context, folder: string, options: ApplyOptions, end: End): Promise<void> {
  const condition = conditionIn(options) ?? { now: true };
  const api = openApi(context, options);
  const { edits, differences, revision } = await findTreeDifference(context, api, folder, options);
  const isJson = options.json === true;
  if (edits.length === 0) {
    context.print(
      isJson
        ? JSON.stringify({ change: null, revision }, null, 2)
        : `nothing to apply: ${api.url} has all of it at revision ${revision}`,
    );
    return;
  }
  const standing = await findSame(api, edits, condition);
  const change = standing ?? (await propose(api, edits, condition, options));
  const tell = (one: ShownChange): void => {
    if (!isJson) printLines(context, changeLines(one));
  };
  if (!isJson)
    context.print(standing === undefined ? `proposed ${countDifferences(differences)}` : 'this is proposed already');
  const { warnings = [] } = change;
  printWarnings(
    context,
    warnings.map(({ at, detail }) => ({ at: plainLine(at), message: plainLine(detail) })),
  );
  tell(change);
  const { wait, waitSeconds } = options;
  const waits = wait === true || waitSeconds !== undefined;
  const mostMs = waitSeconds === undefined ? undefined : waitSeconds * 1000;
  const last = waits ? await waitForChange(api, change, { mostMs, onNews: tell }) : change;
  if (isJson) context.print(JSON.stringify({ change: last }, null, 2));
  if (waits ? last.state !== 'enacted' : last.state === 'failed') end(1);
}

async function propose(
  api: ApiClient,
  edits: readonly ChangeEdit[],
  condition: Condition,
  { reason, acceptDoubts }: ApplyOptions,
): Promise<ShownChange> {
  const doubts = acceptDoubts === true && { acceptsDoubts: true };
  return (await api.send<ShownChange>('POST', '/changes', { reason, edits, condition, ...doubts })).body;
}

/** A pending change of the caller's that says just this: a pipeline that runs again must not propose it twice. */
async function findSame(
  api: ApiClient,
  edits: readonly ChangeEdit[],
  condition: Condition,
): Promise<ShownChange | undefined> {
  const { body: me } = await api.get<{ readonly principal: string }>('/me');
  const [first] = edits;
  if (first === undefined) return undefined;
  const query = { state: 'pending', proposer: me.principal, kind: first.kind, name: first.name };
  for await (const listed of pagesOf<ListedChange>(api, '/changes', 'changes', query)) {
    if (listed.objects.length !== edits.length || !isDeepStrictEqual(listed.condition, condition)) continue;
    const { body } = await api.get<ShownChange>(`/changes/${listed.id}`);
    if (body.conflicts.length === 0 && isDeepStrictEqual(asJson(body.edits), asJson(edits))) return body;
  }
  return undefined;
}

/** In the order in which a server may have put them, an edit of each object once. */
function asJson(edits: readonly ChangeEdit[]): unknown {
  const sorted = [...edits].sort((a, b) => (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1));
  return JSON.parse(JSON.stringify(sorted));
}
