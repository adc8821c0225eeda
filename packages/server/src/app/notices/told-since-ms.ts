import type { Change } from '../../change.ts';
import type { StoreView } from '../../store.ts';
import { hasSignals } from './announced-by.ts';
import { fitsStill } from './fits-still.ts';
import { noticesOf } from './notices-of.ts';

/** Since when people are told that a change's signals have come true; `undefined` where they are not. */
export async function toldSinceMs(tx: Pick<StoreView, 'notices'>, change: Change): Promise<number | undefined> {
  if (!hasSignals(change.condition)) return undefined;
  const crossed = (await noticesOf(tx, change)).filter(
    (one) => one.event === 'crossed' && one.state !== 'void' && fitsStill(one, change),
  );
  return crossed.length === 0 ? undefined : Math.min(...crossed.map(({ createdAtMs }) => createdAtMs));
}
