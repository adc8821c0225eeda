import { Command } from 'commander';
import { revokeCredential } from '../../app/sign-in/revoke-credential.ts';
import { principalText } from '../../principal.ts';
import type { Context } from '../context.ts';
import { printLines } from '../print-lines.ts';
import { addStoreOrApiOptions, isDirect, type StoreOrApiOptions } from '../store-or-api.ts';
import { userName } from '../user-name.ts';
import { openApi } from '../with-api.ts';
import { existing, withStore } from '../with-store.ts';

/** `sluice token revoke ID`. */
export function revokeTokenCommand(context: Context): Command {
  return addStoreOrApiOptions(new Command('revoke').summary('make a token count no more'))
    .argument('<id>', 'its id, as sluice token list tells it')
    .action(async (id: string, options: StoreOrApiOptions) => {
      if (isDirect(options)) {
        const by = principalText({ kind: 'local', name: userName() });
        const revocation = { id, kind: 'token', by } as const;
        await withStore(context, options, (store) => revokeCredential(store, revocation, context.nowMs()), existing);
      } else await openApi(context, options).send('DELETE', `/tokens/${encodeURIComponent(id)}`);
      printLines(context, [`revoked token ${id}`]);
    });
}
