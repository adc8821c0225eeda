import type { OwnSignal } from '../signal.ts';
import { checkPlanOf } from './check-plan.ts';
import { overWindow } from './over-window.ts';
import { toldDuration } from './told-duration.ts';
import { whyHidden } from './why-hidden.ts';
import { whyMixed } from './why-mixed.ts';

/** How many update checks came, those among them that people asked for. */
export const checks: OwnSignal<'checks'> = {
  name: 'checks',
  summary: 'how many update checks came, of a version or of all',
  read: ({ product, channel, version, window: said }, counted) =>
    overWindow(counted, { said, usualMs: 3_600_000 }, async (window) => {
      const { fromMs, toMs, lastsMs } = window;
      const isOfAll = version === undefined;
      const why =
        whyHidden(product, await checkPlanOf(counted, product), window) ??
        (isOfAll ? undefined : await whyMixed(counted, { product, channel }, window));
      if (why !== undefined) return { note: why };
      const events = ['check', 'forced-check', ...(isOfAll ? (['uncounted'] as const) : [])] as const;
      const value = await counted.sum({ events, product, channel, version, fromMs, toMs });
      return { value, note: `update checks counted in ${toldDuration(lastsMs)}` };
    }),
};
