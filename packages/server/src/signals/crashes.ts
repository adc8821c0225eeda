import type { OwnSignal } from '../signal.ts';
import { overWindow } from './over-window.ts';
import { toldDuration } from './told-duration.ts';
import { whyImplausible } from './why-implausible.ts';

/** Of fewer installs a rate says nothing. */
const leastActive = 100;

/** For each install that was active on a day, how many crashed on it. */
export const crashes: OwnSignal<'crashes'> = {
  name: 'crashes',
  summary: 'how many installs crashed of each that was active, as telemetry reports it',
  read: ({ product, channel, version, window: said }, counted) =>
    overWindow(counted, { said, usualMs: 86_400_000 }, async (window) => {
      const { fromMs, toMs, lastsMs } = window;
      const place = { product, channel, version, fromMs, toMs };
      const active = await counted.sum({ ...place, events: ['active-today'] });
      const span = toldDuration(lastsMs);
      if (active < leastActive) {
        return {
          note: `${active} reports of active installs in ${span}, and of fewer than ${leastActive} a rate says nothing`,
        };
      }
      for (const event of ['active-today', 'crashed-today'] as const) {
        const why = await whyImplausible(counted, { event, product, channel, version }, window);
        if (why !== undefined) return { note: why };
      }
      const crashed = await counted.sum({ ...place, events: ['crashed-today'] });
      return {
        value: crashed / active,
        note: `${crashed} reports of crashes, and ${active} of active installs, in ${span}`,
      };
    }),
};
