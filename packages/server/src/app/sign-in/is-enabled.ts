import type { Principal } from '../../principal.ts';
import type { StoreView } from '../../store.ts';

/** Whether somebody is a user or service account that exists and is not disabled. */
export async function isEnabled(view: Pick<StoreView, 'get'>, { kind, name }: Principal): Promise<boolean> {
  if (kind === 'local') return false;
  const body = (await view.get(kind, name))?.body;
  if (typeof body !== 'object' || body === null) return false;
  const { disabled = false } = body as { readonly disabled?: unknown };
  return disabled === false;
}
