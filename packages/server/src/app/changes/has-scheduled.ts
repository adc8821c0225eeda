import { mostPerPage, type StoreView } from '../../store.ts';
import { isImmediate } from '../conditions/is-immediate.ts';

/** Whether any pending change that was altered at `updatedFromMs` or later waits for more than people. */
export async function hasScheduled(view: Pick<StoreView, 'changes'>, updatedFromMs: number): Promise<boolean> {
  const query = { states: ['pending'], updatedFromMs, limit: mostPerPage } as const;
  for (let before: number | undefined; ; ) {
    const page = await view.changes({ ...query, ...(before !== undefined && { before }) });
    if (page.some(({ condition }) => !isImmediate(condition))) return true;
    before = page.at(-1)?.id;
    if (page.length < mostPerPage) return false;
  }
}
