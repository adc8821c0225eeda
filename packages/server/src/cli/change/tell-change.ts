import type { Context } from '../context.ts';
import { plainLine } from '../plain-line.ts';
import { printLines } from '../print-lines.ts';
import type { ShownChange } from '../shown-change.ts';
import { printWarnings } from '../with-store.ts';
import { changeLines } from './change-lines.ts';

/** Says what an act left of a change. */
export function tellChange(context: Context, change: ShownChange, options: { readonly json?: true }): void {
  const { warnings = [] } = change;
  printWarnings(
    context,
    warnings.map(({ at, detail }) => ({ at: plainLine(at), message: plainLine(detail) })),
  );
  if (options.json === true) context.print(JSON.stringify(change, null, 2));
  else printLines(context, changeLines(change));
}
