import type { OwnSignal } from '../signal.ts';
import { checkPlanOf } from './check-plan.ts';
import { overWindow } from './over-window.ts';
import { toldDuration } from './told-duration.ts';
import { whyMixed } from './why-mixed.ts';

/** How many updates were handed out. A client that asks again before it has installed is counted again. */
export const offers: OwnSignal<'offers'> = {
  name: 'offers',
  summary: 'how many updates were handed out, counted exactly',
  read: ({ product, channel, release, rule, window: said }, counted) =>
    overWindow(counted, { said, usualMs: Number.POSITIVE_INFINITY }, async (window) => {
      const { fromMs, toMs, lastsMs } = window;
      const mixed = await whyMixed(counted, { product, channel }, window);
      if (mixed !== undefined) return { note: mixed };
      const events = ['check', 'forced-check'] as const;
      const value = await counted.sum({ events, product, channel, release, rule, offered: true, fromMs, toMs });
      const looked = value > 0 || (await counted.sum({ events, product, channel, fromMs, toMs })) > 0;
      if (!looked) return { note: `no update checks of ${product} at all` };
      const span = Number.isFinite(lastsMs) ? `in ${toldDuration(lastsMs)}` : 'in all that is kept';
      const plan = await checkPlanOf(counted, product);
      const caches =
        plan === undefined ? `; what caches gave is not among them, as there is no population ${product}` : '';
      return { value, note: `offers counted ${span}${caches}` };
    }),
};
