import { Problem } from '../problem.ts';
import type { Transactions } from '../store.ts';

/** A store that may not be open yet, because the database was away when the node started. */
export function lateStore(store: () => Transactions | undefined): Transactions {
  const opened = (): Transactions => {
    const found = store();
    if (found === undefined)
      throw new Problem('store-unavailable', 'the database was not reached since this node started');
    return found;
  };
  return {
    read: async (work) => opened().read(work),
    write: async (work, options) => opened().write(work, options),
  };
}
