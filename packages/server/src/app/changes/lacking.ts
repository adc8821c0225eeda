import { Problem } from '../../problem.ts';

/** How many things are named in one sentence. */
const mostNamed = 3;

/** Tells what permissions are missing, each in words; `missing` holds one at least. */
export function lacking(who: string, missing: readonly string[]): Problem {
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
  const mistakes = missing.map((message) => ({ at: '', message }));
  return new Problem('not-allowed', `${who}${missing.slice(0, mostNamed).join('; ')}${more}`, mistakes);
}
