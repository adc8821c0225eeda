/** The longest that a timer can wait; what is longer is waited for in parts. */
const longestMs = 2 ** 31 - 1;

/** Waits, but no longer than until `signal` is aborted. Never fails. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal.aborted; left -= longestMs) await waitOnce(Math.min(left, longestMs), signal);
}

function waitOnce(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
