import type { CountQuery } from '../count.ts';
import type { Counted } from '../signal.ts';
import type { Window } from './over-window.ts';

/** Why the checks of a window cannot be told apart by version; `undefined` where they can. */
export async function whyMixed(
  counted: Counted,
  place: Pick<CountQuery, 'product' | 'channel'>,
  { fromMs, toMs }: Window,
): Promise<string | undefined> {
  const mixed = await counted.sum({ ...place, events: ['uncounted'], fromMs, toMs });
  if (mixed === 0) return undefined;
  return `${mixed} checks in the window were not told apart, for too many versions asked at once`;
}
