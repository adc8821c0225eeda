/** Gives works their turn. */
export type InTurn = <T>(work: () => Promise<T>, options?: { readonly urgent?: boolean | undefined }) => Promise<T>;

/** Lets `most` works run at once; the others wait for their turn, in their order, but urgent ones before all that are not. */
export function turns(most: number): InTurn {
  let free = most;
  const urgentWaiting: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  return async (work, { urgent = false } = {}) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => (urgent ? urgentWaiting : waiting).push(resolve));
    try {
      return await work();
    } finally {
      const next = urgentWaiting.shift() ?? waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
