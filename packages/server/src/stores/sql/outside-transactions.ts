import { AsyncLocalStorage } from 'node:async_hooks';

/** Keeps a transaction from using its own store other than through its view: it would wait for itself for ever. */
export interface OutsideTransactions {
  /** Runs the work of a transaction. */
  enter<T>(work: () => Promise<T>): Promise<T>;
  /** @throws Error when called by the work of a transaction that runs. */
  check(): void;
}

export function outsideTransactions(): OutsideTransactions {
  const running = new AsyncLocalStorage<{ over: boolean }>();
  let inside = 0;
  return {
    async enter(work) {
      const transaction = { over: false };
      inside += 1;
      try {
        return await running.run(transaction, work);
      } finally {
        // What the work has begun without waiting for it may go on, and use the store like everyone.
        transaction.over = true;
        inside -= 1;
        // As long as it is used, every request that the process answers costs a twentieth more.
        if (inside === 0) running.disable();
      }
    },
    check() {
      if (running.getStore()?.over !== false) return;
      throw new Error('Inside a transaction the store is used through the transaction alone.');
    },
  };
}
