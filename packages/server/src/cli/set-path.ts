import { Problem } from '../problem.ts';

/** A step into a mapping or a list. */
export type PathStep = string | number;

/**
 * Reads a path as mistakes name places: `share.percent`, `share.steps[0].percent`, `blob["a.b"]`.
 * @throws Problem `usage`
 */
export function readPath(text: string): readonly PathStep[] {
  const step = /(?:^|(?!^)\.)([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]/y;
  const steps: PathStep[] = [];
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (found === null) throw new Problem('usage', `${text} is no path such as share.percent or steps[0].percent`);
    const [, field, index, quoted] = found;
    steps.push(field ?? (quoted === undefined ? Number(index) : readQuoted(quoted)));
  }
  return steps;
}

function readQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new Problem('usage', `${text} is no text as JSON has it`);
  }
}

/**
 * What a value is with another one at a path; with `undefined` there, what is at the path goes. Mappings that lead there are
 * made.
 * @throws Problem `usage` where something else is in the way.
 */
export function withValueAt(value: unknown, path: readonly PathStep[], inner: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return inner;
  if (typeof step === 'number') {
    if (!Array.isArray(value) || step > value.length || (step === value.length && inner === undefined))
      throw new Problem('usage', `there is no [${step}]`);
    const before: readonly unknown[] = value;
    const next = withValueAt(before[step], rest, inner);
    const isGone = rest.length === 0 && inner === undefined;
    return [...before.slice(0, step), ...(isGone ? [] : [next]), ...before.slice(step + 1)];
  }
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw new Problem('usage', `there is nothing called ${step} in ${JSON.stringify(value)}`);
  // A map, because a key such as `__proto__` is a key like any other in JSON.
  const fields = new Map(Object.entries(value ?? {}));
  if (rest.length === 0 && inner === undefined) fields.delete(step);
  else fields.set(step, withValueAt(fields.get(step), rest, inner));
  return Object.fromEntries(fields);
}
