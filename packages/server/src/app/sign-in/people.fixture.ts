import type { AuditEntry } from '../../audit.ts';
import type { Store, StoreEdit } from '../../store.ts';
import type { MakeAdmin } from './use-link.ts';

export const hourMs = 3_600_000;
export const nowMs = Date.UTC(2026, 10, 21, 9);

export const ada = { kind: 'user', name: 'ada@example.org' } as const;
export const robot = { kind: 'service-account', name: 'robot' } as const;

const note = { atMs: nowMs, author: 'local:root', reason: 'for tests' };

/** Puts people: a user or service account with these roles, disabled or not. */
export async function putPerson(
  store: Store,
  { kind, name }: { readonly kind: 'user' | 'service-account'; readonly name: string },
  { roles = [], disabled = false }: { readonly roles?: readonly string[]; readonly disabled?: boolean } = {},
): Promise<void> {
  const edit: StoreEdit = { kind, name, body: { roles, disabled } };
  await store.commit([edit], note);
}

/** As the server does it, without checks. */
export const makeAdmin: MakeAdmin = async (transaction, user) => {
  await transaction.commit([{ kind: 'user', name: user, body: { roles: ['admin'], disabled: false } }], note);
};

/** What the audit log holds, oldest first, without the times and hashes. */
export async function auditOf(
  store: Store,
): Promise<readonly Pick<AuditEntry, 'action' | 'actor' | 'subject' | 'detail'>[]> {
  const entries = await store.read((view) => view.audit({ after: 0, limit: 1000 }));
  return entries.map(({ action, actor, subject, detail }) => ({
    action,
    actor,
    ...(subject === undefined ? {} : { subject }),
    detail,
  }));
}

/** Only what was done. */
export async function actionsOf(store: Store): Promise<readonly string[]> {
  return (await auditOf(store)).map(({ action }) => action);
}
