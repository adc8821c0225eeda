import { Command } from 'commander';
import { makeSignInLink } from '../app/sign-in/make-sign-in-link.ts';
import { addressText } from '../http/address.ts';
import { principalText } from '../principal.ts';
import { Problem } from '../problem.ts';
import type { Context } from './context.ts';
import { printLines } from './print-lines.ts';
import { userName } from './user-name.ts';
import { configOption, dataOption, existing, type StoreOptions, withStore } from './with-store.ts';

/** `sluice sign-in-link USER`. */
export function signInLinkCommand(context: Context): Command {
  return new Command('sign-in-link')
    .summary('make a link with which a user signs in once')
    .description(
      'Makes a link with which a user who exists signs in once, within an hour. It works on the database itself.',
    )
    .argument('<user>', 'such as ada@example.org')
    .option('--url <url>', 'what people call the admin listener (default: signIn.adminUrl, or its address)')
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (user: string, options: StoreOptions & { readonly url?: string }) => {
      const base = options.url ?? placeOfSignIn(context, options);
      if (!URL.canParse(base))
        throw new Problem('usage', `${base} is no address such as https://sluice-admin.example.org`);
      const by = principalText({ kind: 'local', name: userName() });
      const { link, secret } = await withStore(
        context,
        options,
        (store) => makeSignInLink(store, { user, by }, context.nowMs()),
        existing,
      );
      context.warn(`a link for ${user}, once and until ${new Date(link.expiresAtMs).toISOString()}:`);
      printLines(context, [`${base.replace(/\/+$/, '')}/sign-in/link?secret=${secret}`]);
    });
}

function placeOfSignIn(context: Context, options: StoreOptions): string {
  const { admin, signIn } = context.loadConfig({ file: options.config, options: { data: options.data } }).config;
  if (signIn.adminUrl !== undefined) return signIn.adminUrl;
  if (admin === 'off')
    throw new Problem('usage', 'there is no admin listener here: say with --url where people sign in');
  return `http://${addressText(admin)}`;
}
