/** What was made of a list, thing by thing. */
export interface Made<From, To> {
  readonly from: readonly From[];
  readonly to: readonly To[];
}

/** Makes something of each thing in a list. What was made of the very same thing before is taken over, wherever it stood. */
export function takeOver<From, To>(
  from: readonly From[],
  previous: Made<From, To> | undefined,
  make: (item: From) => To,
): Made<From, To> {
  if (previous === undefined) return { from, to: from.map(make) };
  const same = sameBeginning(from, previous.from);
  if (same === from.length && same === previous.from.length) return previous;
  const tail = sameEnd(from, previous.from, same);
  // Between the two stands what changed, and nothing else in most changes.
  const known = new Map<From, To>();
  const shift = previous.from.length - from.length;
  for (let at = same; at < previous.from.length - tail; at += 1) {
    known.set(previous.from[at] as From, previous.to[at] as To);
  }
  const to = from.map((item, at) => {
    if (at < same) return previous.to[at] as To;
    if (at >= from.length - tail) return previous.to[at + shift] as To;
    return known.get(item) ?? make(item);
  });
  return { from, to };
}

/** Whether two lists hold the very same things in the same order. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && sameBeginning(a, b) === a.length;
}

function sameBeginning(a: readonly unknown[], b: readonly unknown[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count += 1;
  return count;
}

/** How many things at the end are the same, those not counted that stand in the same beginning. */
function sameEnd(a: readonly unknown[], b: readonly unknown[], beginning: number): number {
  const most = Math.min(a.length, b.length) - beginning;
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}
