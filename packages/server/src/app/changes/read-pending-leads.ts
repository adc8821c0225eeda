import type { Change, ChangeEdit } from '../../change.ts';
import type { StoreView } from '../../store.ts';

/** What a pending change would make that leads to releases: a rule, a pin, or a release that stands for others. */
export type PendingLead =
  | { readonly kind: 'rule' | 'pin'; readonly edit: ChangeEdit; readonly change: number }
  | { readonly kind: 'release'; readonly name: string; readonly parts: readonly string[]; readonly change: number };

/** What one change would make. */
export async function readPendingLeads(
  view: Pick<StoreView, 'change'>,
  id: Change['id'],
): Promise<readonly PendingLead[]> {
  const change = await view.change(id);
  return (change?.edits ?? []).flatMap((edit): readonly PendingLead[] => {
    const { kind, name, op } = edit;
    if (op === 'delete') return [];
    if (kind === 'rule' || kind === 'pin') return [{ kind, edit, change: id }];
    const parts = kind === 'release' ? partsIn(op === 'put' ? edit.body : edit.patch) : [];
    return parts.length === 0 ? [] : [{ kind: 'release', name, parts, change: id }];
  });
}

/** The releases that a release stands for, as its body or a patch of it says. */
export function partsIn(body: unknown): readonly string[] {
  const { blob } = (body ?? {}) as { readonly blob?: { readonly blobs?: unknown } | null };
  const blobs = blob?.blobs;
  return Array.isArray(blobs) ? blobs.filter((part) => typeof part === 'string') : [];
}
