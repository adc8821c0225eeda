import type { Context } from '../context.ts';
import { plainLine } from '../plain-line.ts';
import { printLines } from '../print-lines.ts';
import { printWarnings } from '../with-store.ts';
import { chainLines } from './chain-lines.ts';
import type { ShownChain } from './shown-chain.ts';

/** Says what an act left of a chain. */
export function tellChain(context: Context, chain: ShownChain, options: { readonly json?: true }): void {
  const { warnings = [] } = chain;
  printWarnings(
    context,
    warnings.map(({ at, detail }) => ({ at: plainLine(at), message: plainLine(detail) })),
  );
  if (options.json === true) context.print(JSON.stringify(chain, null, 2));
  else printLines(context, chainLines(chain));
}
