import type { Store } from '../store.ts';

/** One enactment as the changes, or as the audit log, tell of it. */
export interface Kept {
  readonly change: number;
  readonly revision: number;
}

/** What somebody's enactments left in the changes and in the audit log, oldest first. */
export async function keptLedger(
  store: Store,
  who: string,
): Promise<{ readonly changes: readonly Kept[]; readonly entries: readonly Kept[] }> {
  const changes: Kept[] = [];
  const entries: Kept[] = [];
  await store.read(async (view) => {
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = await view.changes({ proposer: who, before, limit: 100 });
      for (const { id, end } of page) changes.unshift({ change: id, revision: end?.revision ?? Number.NaN });
      const last = page.at(-1);
      if (last === undefined) break;
      before = last.id;
    }
    for (let after = 0; ; ) {
      const page = await view.audit({ actor: who, after, limit: 100 });
      for (const { change = Number.NaN, detail } of page) {
        entries.push({ change, revision: (detail as { commit: { revision: number } }).commit.revision });
      }
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.seq;
    }
  });
  return { changes, entries };
}
