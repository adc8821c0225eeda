import type { OwnSignal } from '../signal.ts';
import { overWindow } from './over-window.ts';
import { toldDuration } from './told-duration.ts';
import { whyImplausible } from './why-implausible.ts';

const telemetry = ['installed', 'active-today', 'crashed-today', 'failed'] as const;

/** How often clients reported something. Where they report nothing at all, nobody knows whether there was nothing to report. */
export const events: OwnSignal<'events'> = {
  name: 'events',
  summary: 'how often clients reported that they installed an update, were active, crashed, or failed to update',
  read: ({ product, channel, version, event, window: said }, counted) =>
    overWindow(counted, { said, usualMs: 86_400_000 }, async (window) => {
      const { fromMs, toMs, lastsMs } = window;
      const span = toldDuration(lastsMs);
      const any = await counted.sum({ events: telemetry, product, channel, fromMs, toMs });
      if (any === 0) return { note: `no telemetry of ${product} at all in ${span}` };
      const why = await whyImplausible(counted, { event, product, channel, version }, window);
      if (why !== undefined) return { note: why };
      const value = await counted.sum({ events: [event], product, channel, version, fromMs, toMs });
      return { value, note: `reports of ${event} counted in ${span}` };
    }),
};
