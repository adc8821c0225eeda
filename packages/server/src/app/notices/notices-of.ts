import type { Change } from '../../change.ts';
import type { Notice } from '../../notice.ts';
import { mostPerPage, type StoreView } from '../../store.ts';

/** All notices of a change, the newest first. */
export function noticesOf(tx: Pick<StoreView, 'notices'>, { id }: Pick<Change, 'id'>): Promise<readonly Notice[]> {
  return tx.notices({ change: id, limit: mostPerPage });
}
