/** How many lists and mappings may lie within each other in what somebody writes; what is served needs a dozen. */
export const mostLevels = 100;

/** Whether a JSON value has no more levels than that. Without recursion: what is too deep for one is to be found out. */
export function nestsWithin(value: unknown, levels = mostLevels): boolean {
  let level: readonly unknown[] = [value].filter(isInner);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === levels) return false;
    level = level.flatMap((inner) => Object.values(inner as object).filter(isInner));
  }
  return true;
}

function isInner(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
