import { atDesk, type Changing } from '../changes/desk.ts';
import { announcedBy } from './announced-by.ts';
import { notifiersOf } from './notifiers-for.ts';
import { planNotices } from './plan-notices.ts';

/** How many changes are gone through in one transaction. */
const pageSize = 50;

/** Nobody has asked for it. */
const caller = { principal: { kind: 'local', name: 'system' } } as const;

/** Writes the notices that are missing of everything that is pending: a notifier may be newer than a change. */
export async function planAnew(changing: Changing, signal: AbortSignal): Promise<void> {
  for (let before: number | undefined; !signal.aborted; ) {
    const after = before;
    before = await atDesk(changing, caller, async (desk) => {
      if (notifiersOf(desk.current).length === 0) return undefined;
      const page = { states: ['pending'], limit: pageSize, ...(after !== undefined && { before: after }) } as const;
      const found = await desk.tx.changes(page);
      for (const { id, condition } of found) {
        if (announcedBy(condition) === 'nothing') continue;
        const change = await desk.tx.change(id);
        if (change?.state === 'pending') await planNotices(desk, change);
      }
      return found.length < pageSize ? undefined : found.at(-1)?.id;
    });
    if (before === undefined) return;
  }
}
