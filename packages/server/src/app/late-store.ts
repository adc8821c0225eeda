import { Problem } from '../problem.ts';
import type { Transactions } from '../store.ts';

/**
 * A store that may not be open yet, because the database was away when the node started, and that nothing more is asked of
 * once the node is over: what takes many steps ends with the next.
 */
export function lateStore(store: () => Transactions | undefined, isOver: () => boolean = () => false): Transactions {
  const opened = (): Transactions => {
    if (isOver()) throw new Problem('store-unavailable', 'this node stops');
    const found = store();
    if (found === undefined)
      throw new Problem('store-unavailable', 'the database was not reached since this node started');
    return found;
  };
  // What waited for its turn finds the store closed, and nobody is to take that for a bug.
  const orOver = (error: unknown): never => {
    if (!isOver() || error instanceof Problem) throw error;
    throw new Problem('store-unavailable', 'this node stops', [], { cause: error });
  };
  return {
    read: async (work) => opened().read(work).catch(orOver),
    write: async (work, options) => opened().write(work, options).catch(orOver),
  };
}
