import { isPast } from '../conditions/due-time.ts';
import type { Moment } from './desk.ts';
import type { PendingLead } from './read-pending-leads.ts';

const leadingKinds = ['rule', 'pin', 'release'] as const;
const pageSize = 500;

/** What all pending changes but one would make, as long as their time has not passed. */
export async function pendingLeads({ tx, current, nowMs }: Moment, except: number): Promise<readonly PendingLead[]> {
  const leads = new Map<number, readonly PendingLead[]>([[except, []]]);
  for (const kind of leadingKinds) {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = await tx.changes({ states: ['pending'], kind, before, limit: pageSize });
      for (const change of page) {
        before = change.id;
        if (leads.has(change.id)) continue;
        const isOver = isPast(change.condition, nowMs);
        leads.set(change.id, isOver ? [] : await current.pendingLeadsOf(tx, change, nowMs));
      }
      if (page.length < pageSize) break;
    }
  }
  return [...leads.values()].flat();
}
