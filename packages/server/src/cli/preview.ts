import { Command } from 'commander';
import { Problem } from '../problem.ts';
import { addEditOptions, editsIn } from './change/edit-options.ts';
import type { QuickEditOptions } from './change/quick-edits.ts';
import { addConditionOptions, type ConditionOptions, conditionIn } from './condition-options.ts';
import type { Context } from './context.ts';
import { findObjectIn } from './find-object.ts';
import { plainLine } from './plain-line.ts';
import { previewLines } from './preview-lines.ts';
import { printLines } from './print-lines.ts';
import type { ShownPreview } from './shown-preview.ts';
import { type ApiOptions, addApiOptions, openApi } from './with-api.ts';
import { printWarnings } from './with-store.ts';

interface PreviewOptions extends ApiOptions, QuickEditOptions, ConditionOptions {
  readonly acceptDoubts?: true;
  readonly json?: true;
}

/** `sluice preview CHANGE` and `sluice preview FILE`. */
export function previewCommand(context: Context): Command {
  const command = addEditOptions(
    addApiOptions(new Command('preview').summary('say what a change or edits would do to what clients get')),
    'the number of a change, or a file of edits, as YAML or JSON',
  )
    .description(
      'Says what a change that is open, or edits that nobody has proposed, would do to what clients get, by the requests that\nthe server had lately.',
    )
    .option('--accept-doubts', 'take content of doubtful use all the same');
  return addConditionOptions(command)
    .option('--json', 'print what the API answers')
    .action((what: string | undefined, options: PreviewOptions) => preview(context, what, options));
}

async function preview(context: Context, what: string | undefined, options: PreviewOptions): Promise<void> {
  const shown = /^\d{1,15}$/.test(what ?? '')
    ? (await openApi(context, options).get<ShownPreview>(`/changes/${what}/preview`, {}, { silenceMs: previewMs })).body
    : await previewOfEdits(context, what, options);
  tellPreview(context, shown, options);
}

async function previewOfEdits(
  context: Context,
  file: string | undefined,
  options: PreviewOptions,
): Promise<ShownPreview> {
  const said = conditionIn(options);
  const api = openApi(context, options);
  const { edits, condition: written, acceptsDoubts } = await editsIn(file, options, findObjectIn(api));
  if (edits.length === 0)
    throw new Problem('usage', 'say what is to be previewed: a change, a file of edits, or --set and the like');
  const condition = said ?? written;
  const { body } = await api.send<ShownPreview>(
    'POST',
    '/preview',
    {
      edits,
      ...(condition !== undefined && { condition }),
      ...((options.acceptDoubts === true || acceptsDoubts === true) && { acceptsDoubts: true }),
    },
    { silenceMs: previewMs },
  );
  return body;
}

/** A preview may wait for its turn. */
export const previewMs = 120_000;

/** Prints what a preview says. */
export function tellPreview(context: Context, preview: ShownPreview, { json }: { readonly json?: true }): void {
  printWarnings(
    context,
    preview.warnings.map(({ at, detail }) => ({ at: plainLine(at), message: plainLine(detail) })),
  );
  if (json === true) context.print(JSON.stringify(preview, null, 2));
  else printLines(context, previewLines(preview));
}
