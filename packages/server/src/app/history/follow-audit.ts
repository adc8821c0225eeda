import type { Transactions } from '../../store.ts';

export interface FollowAuditOptions {
  readonly store: Pick<Transactions, 'read'>;
  /** Calls `onHint` when something may have been written, until the function that it answers with is called. */
  readonly watch: (onHint: () => void) => () => void;
  /** How often it is asked where no hint comes, in milliseconds. */
  readonly everyMs?: number;
}

/** Calls `onMore` when the audit log may have grown, until the function that it answers with is called. */
export type FollowAudit = (onMore: () => void) => () => void;

/** Follows the audit log for all who listen, with one look for all of them; hints may be lost, and asking is the truth. */
export function followAudit({ store, watch, everyMs = 1000 }: FollowAuditOptions): FollowAudit {
  const listening = new Set<() => void>();
  let stop: (() => void) | undefined;
  let seq = -1;
  let looking = false;
  let again = false;

  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    do {
      again = false;
      const head = await store.read((view) => view.auditHead()).catch(() => undefined);
      // A database that was put back is at an earlier entry; that is news too.
      if (head === undefined || head.seq === seq) continue;
      seq = head.seq;
      for (const onMore of [...listening]) onMore();
    } while (again);
    looking = false;
  };
  const begin = (): (() => void) => {
    const timer = setInterval(() => void look(), everyMs);
    const unwatch = watch(() => void look());
    void look();
    return () => {
      clearInterval(timer);
      unwatch();
    };
  };

  return (onMore) => {
    const listener = (): void => onMore();
    listening.add(listener);
    stop ??= begin();
    return () => {
      listening.delete(listener);
      if (listening.size > 0) return;
      stop?.();
      stop = undefined;
    };
  };
}
