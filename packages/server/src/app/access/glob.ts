/** Whether a glob matches a text. Only `*` is special: it stands for any text. A `*` in the text is met by a `*` alone. */
export function globMatches(glob: string, text: string): boolean {
  const [head = '', ...rest] = glob.split('*');
  const tail = rest.pop();
  if (tail === undefined) return glob === text;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  // The first place where a part is found leaves the most to those after it, so there is never a reason to go back.
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}

/** Whether there is a text that both globs match. */
export function globsOverlap(a: string, b: string): boolean {
  if (!a.includes('*')) return b.includes('*') ? globMatches(b, a) : a === b;
  if (!b.includes('*')) return globMatches(a, b);
  // Between the first and the last star there is room for the parts of both.
  return (
    oneHoldsTheOther(headOf(a), headOf(b), (long, short) => long.startsWith(short)) &&
    oneHoldsTheOther(tailOf(a), tailOf(b), (long, short) => long.endsWith(short))
  );
}

function oneHoldsTheOther(a: string, b: string, holds: (long: string, short: string) => boolean): boolean {
  return a.length < b.length ? holds(b, a) : holds(a, b);
}

function headOf(glob: string): string {
  return glob.slice(0, glob.indexOf('*'));
}

function tailOf(glob: string): string {
  return glob.slice(glob.lastIndexOf('*') + 1);
}
