import { Command } from 'commander';
import type { Context } from './context.ts';
import { countDifferences, differenceLines } from './difference-lines.ts';
import type { End } from './end.ts';
import { previewMs, tellPreview } from './preview.ts';
import { printLines } from './print-lines.ts';
import type { ShownPreview } from './shown-preview.ts';
import { findTreeDifference } from './tree/tree-difference.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';

interface PlanOptions extends ApiOptions {
  readonly prune?: true;
  readonly acceptDoubts?: true;
  readonly json?: true;
}

/** `sluice plan DIR`. */
export function planCommand(context: Context, end: End): Command {
  return addApiOptions(new Command('plan').summary('say what sluice apply would change'))
    .description(
      'Compares a folder of objects with what a server has: what differs, which sign-offs that needs, and what it would do\nto what clients get. Exits with 0 when nothing differs, with 2 when something does, and with 1 when it failed.',
    )
    .argument('<dir>', 'as sluice export --dir writes it')
    .option('--prune', 'also delete the last object of a kind whose folder is empty')
    .option('--accept-doubts', 'take content of doubtful use all the same')
    .option('--json', 'print edits and preview as JSON')
    .action((folder: string, options: PlanOptions) => plan(context, folder, options, end));
}

async function plan(context: Context, folder: string, options: PlanOptions, end: End): Promise<void> {
  const api = openApi(context, options);
  const { edits, differences, revision } = await findTreeDifference(context, api, folder, options);
  const isJson = options.json === true;
  if (edits.length === 0) {
    context.print(
      isJson ? JSON.stringify({ revision, edits }, null, 2) : `nothing differs from ${api.url} at revision ${revision}`,
    );
    return;
  }
  end(2);
  if (!isJson) {
    printLines(context, [
      `${countDifferences(differences)}, compared with ${api.url} at revision ${revision}`,
      ...differences.flatMap(differenceLines),
    ]);
  }
  const doubts = options.acceptDoubts === true && { acceptsDoubts: true };
  const { body } = await api.send<ShownPreview>('POST', '/preview', { edits, ...doubts }, { silenceMs: previewMs });
  if (isJson) context.print(JSON.stringify({ revision, edits, preview: body }, null, 2));
  else tellPreview(context, body, {});
}
