import type { SignInLink } from '../../credential.ts';
import { principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Transactions } from '../../store.ts';
import { isEnabled } from './is-enabled.ts';
import { makeSecret } from './secret.ts';

const lifeMs = 3_600_000;

/** A link that was made. Its secret is never shown again. */
export interface MadeLink {
  readonly link: SignInLink;
  readonly secret: string;
}

/** Makes a link with which a user signs in once, within an hour. @throws Problem `object-not-found`. */
export async function makeSignInLink(
  store: Transactions,
  { user, by }: { readonly user: string; readonly by: string },
  nowMs: number,
): Promise<MadeLink> {
  const owner = { kind: 'user', name: user } as const;
  const secret = makeSecret('link');
  const link: SignInLink = {
    kind: 'link',
    id: secret.id,
    digest: secret.digest,
    owner: principalText(owner),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + lifeMs,
  };
  await store.write(async (transaction) => {
    if (!(await isEnabled(transaction, owner)))
      throw new Problem('object-not-found', `there is no user ${user} who is enabled`);
    await transaction.putCredential(link);
    const subject = `link ${link.id}`;
    await transaction.append({ atMs: nowMs, actor: by, action: 'link.made', subject, detail: { for: link.owner } });
  });
  return { link, secret: secret.text };
}
