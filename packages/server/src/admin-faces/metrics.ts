import { Hono } from 'hono';
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import type { AdminApp, AdminEnv, AdminFace, AdminRoutes } from '../admin-face.ts';
import { byCounter } from './metrics/by-counter.ts';
import { families } from './metrics/families.ts';
import type { Family, Observed } from './metrics/family.ts';

/** What Prometheus reads: `/metrics`, in its text format. */
export const metrics: AdminFace<'metrics'> = {
  name: 'metrics',
  summary: 'what Prometheus reads',
  authorisation: 'listener',
  open: openMetrics,
};

function openMetrics(app: AdminApp): AdminRoutes {
  const processRegistry = new Registry();
  collectDefaultMetrics({ register: processRegistry });
  const routes: AdminRoutes = new Hono<AdminEnv>();
  routes.get('/metrics', async (c) => {
    const observed: Observed = {
      counts: byCounter(await app.reading()),
      health: app.health(),
      nowMs: app.nowMs(),
      version: app.version,
      notices: app.notices?.(),
    };
    const texts = [await textOf(observed), await processRegistry.metrics(), (await app.moreMetrics?.()) ?? ''];
    const text = texts.filter((one) => one !== '').join('\n');
    return c.body(text, 200, { 'Content-Type': processRegistry.contentType });
  });
  return routes;
}

/** One registry for each time it is asked, so that a family is either of one moment or not there. */
function textOf(observed: Observed): Promise<string> {
  const registry = new Registry();
  for (const family of families) registry.registerMetric(metricOf(family, observed));
  return registry.metrics();
}

/** All that a registry asks of a metric when it writes text; prom-client's own cannot take a histogram that was counted elsewhere. */
function metricOf({ name, help, type, samples }: Family, observed: Observed): Metric {
  const told = { name, help, type, get: async () => ({ name, help, type, values: samples(observed) }) };
  return told as unknown as Metric;
}
