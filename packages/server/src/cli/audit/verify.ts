import { Command } from 'commander';
import { verifyAudit } from '../../app/audit/verify-audit.ts';
import type { ChainVerdict } from '../../verify-chain.ts';
import type { Context } from '../context.ts';
import type { End } from '../end.ts';
import { printLines } from '../print-lines.ts';
import { addStoreOrApiOptions, isDirect, type StoreOrApiOptions } from '../store-or-api.ts';
import { openApi } from '../with-api.ts';
import { existing, withStore } from '../with-store.ts';

/** All of the log is read before the answer begins. */
const verifyMs = 900_000;

/** `sluice audit verify`. */
export function verifyAuditCommand(context: Context, end: End): Command {
  return addStoreOrApiOptions(new Command('verify').summary('find out whether every entry is as it was written'))
    .description(
      'Looks whether every entry of the audit log is as it was written, and all that it tells of. Exits with 1 and names\nthe first that is not. With --data or --direct it needs no server.',
    )
    .option('--json', 'print the verdict as JSON')
    .action(async (options: StoreOrApiOptions & { readonly json?: true }) => {
      const verdict = isDirect(options)
        ? await withStore(context, options, (store) => verifyAudit(store), existing)
        : (await openApi(context, options).get<ChainVerdict>('/audit/verify', {}, { silenceMs: verifyMs })).body;
      if (options.json === true) context.print(JSON.stringify(verdict, null, 2));
      else printLines(context, [verdictLine(verdict)]);
      if (!verdict.ok) end(1);
    });
}

function verdictLine(verdict: ChainVerdict): string {
  if (!verdict.ok) return `entry ${verdict.seq} is ${verdict.what}: ${verdict.detail}`;
  const { entries, head } = verdict;
  const before = head.removedSeq === 0 ? '' : `; retention removed those up to ${head.removedSeq}`;
  return `${entries} entries are as they were written${before}; the last is ${head.seq}, ${head.hash}`;
}
