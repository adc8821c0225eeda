import type { Credential, CredentialQuery } from '../../credential.ts';
import type { StoreView, Transactions } from '../../store.ts';
import { revokeIn } from './revoke-credential.ts';

export interface RevocationOfAll {
  /** Whose (`principalText`). */
  readonly owner: string;
  /** Absent for every kind. */
  readonly kind?: Credential['kind'] | undefined;
  /** Who revokes them. */
  readonly by: string;
}

/** Revokes everything that lets somebody in, and answers how many that were. */
export function revokeAllOf(store: Transactions, { owner, kind, by }: RevocationOfAll, nowMs: number): Promise<number> {
  return store.write(async (transaction) => {
    let revoked = 0;
    const wanted = { owner, ...(kind === undefined ? {} : { kind }) };
    for await (const credential of allOf(transaction, wanted)) {
      if (nowMs < credential.expiresAtMs && (await revokeIn(transaction, credential, by, nowMs))) revoked += 1;
    }
    return revoked;
  });
}

/** All credentials of a query, page by page. */
export async function* allOf(
  view: Pick<StoreView, 'credentials'>,
  query: Omit<CredentialQuery, 'after' | 'limit'>,
): AsyncGenerator<Credential> {
  const limit = 500;
  for (let after: string | undefined; ; ) {
    const page = await view.credentials({ ...query, limit, ...(after === undefined ? {} : { after }) });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < limit) return;
  }
}
