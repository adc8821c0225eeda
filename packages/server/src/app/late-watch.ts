import type { Store } from '../store.ts';

/** Hears of writes to a store that may not be open yet: one watch for all who listen, as long as anybody does. */
export function lateWatch(store: () => Pick<Store, 'watch'> | undefined): (onHint: () => void) => () => void {
  const listening = new Set<() => void>();
  let unwatch: (() => void) | undefined;
  return (onHint) => {
    // A function of its own, for the same one may listen twice.
    const listener = (): void => onHint();
    listening.add(listener);
    unwatch ??= store()?.watch?.(() => {
      for (const one of [...listening]) one();
    });
    return () => {
      listening.delete(listener);
      if (listening.size > 0) return;
      unwatch?.();
      unwatch = undefined;
    };
  };
}
