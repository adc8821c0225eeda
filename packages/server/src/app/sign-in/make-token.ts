import type { ApiToken } from '../../credential.ts';
import type { Scope } from '../../permission.ts';
import { type Principal, principalText } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import type { Transactions } from '../../store.ts';
import { isEnabled } from './is-enabled.ts';
import { makeSecret } from './secret.ts';

export interface TokenRequest {
  readonly name: string;
  readonly owner: Principal;
  /** Absent for all that the owner may do. */
  readonly scopes?: readonly Scope[] | undefined;
  readonly expiresAtMs: number;
  /** Who makes it (`principalText`). */
  readonly by: string;
  /** What the token of whoever makes it is limited to; the new one cannot be wider. */
  readonly within?: readonly Scope[] | undefined;
}

/** A token that was made. Its secret is never shown again. */
export interface MadeToken {
  readonly token: ApiToken;
  readonly secret: string;
}

const dayMs = 86_400_000;
/** How long a token lasts at most. */
const mostDays = 400;

/**
 * Makes an API token for somebody who exists.
 * @throws Problem `usage` for a name or a time that cannot be, `object-not-found` for an owner who is not there or is
 * disabled, `not-allowed` for one that is wider than the token of its maker.
 */
export async function makeToken(store: Transactions, request: TokenRequest, nowMs: number): Promise<MadeToken> {
  checkRequest(request, nowMs);
  const { name, owner, scopes, expiresAtMs, by } = request;
  const secret = makeSecret('token');
  const token: ApiToken = {
    kind: 'token',
    id: secret.id,
    digest: secret.digest,
    owner: principalText(owner),
    name,
    ...(scopes === undefined ? {} : { scopes: [...new Set(scopes)] }),
    createdAtMs: nowMs,
    expiresAtMs,
  };
  await store.write(async (transaction) => {
    if (!(await isEnabled(transaction, owner)))
      throw new Problem('object-not-found', `there is no ${owner.kind} ${owner.name} who is enabled`);
    await transaction.putCredential(token);
    await transaction.append({
      atMs: nowMs,
      actor: by,
      action: 'token.made',
      subject: `token ${token.id}`,
      detail: { name, owner: token.owner, scopes: token.scopes ?? null, expiresAtMs },
    });
  });
  return { token, secret: secret.text };
}

function checkRequest({ name, scopes, expiresAtMs, within }: TokenRequest, nowMs: number): void {
  if (!/^[^\s\p{C}](?:[^\p{C}]{0,98}[^\s\p{C}])?$/u.test(name))
    throw new Problem('usage', 'the name of a token has 1 to 100 visible characters');
  if (scopes?.length === 0) throw new Problem('usage', 'a token that is limited to nothing is of no use');
  if (!(expiresAtMs > nowMs)) throw new Problem('usage', 'a token must expire later than now');
  if (expiresAtMs > nowMs + mostDays * dayMs) throw new Problem('usage', `a token lasts at most ${mostDays} days`);
  const isWider = within !== undefined && (scopes === undefined || scopes.some((scope) => !within.includes(scope)));
  if (isWider) throw new Problem('not-allowed', 'a token cannot make one that may do more than itself');
}
