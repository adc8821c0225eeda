import { describe, expect, test } from 'vitest';
import { anAdminApp } from './admin-app.fixture.ts';
import { health } from './health.ts';

async function get(app: Parameters<typeof health.open>[0], path = '/health') {
  const response = await health.open(app).request(path);
  return { status: response.status, body: await response.json() };
}

describe('/health', () => {
  test('tells of a node that is well all that is known, with 200', async () => {
    expect(await get(anAdminApp())).toEqual({
      status: 200,
      body: {
        status: 'ok',
        checks: { store: { status: 'ok' }, snapshot: { status: 'ok' }, disk: { status: 'ok' } },
        revision: 7,
        upToDateAtMs: 1_000_000,
        snapshotFrom: 'store',
        savedRevision: 6,
        workers: { wanted: 2, running: 2, restarted: 0 },
        version: '1.2.3',
      },
    });
  });

  test.each(['store', 'snapshot', 'disk'] as const)(
    'is 503 while the check of the %s fails, and says why',
    async (name) => {
      const app = anAdminApp();
      const { checks } = app.health();
      app.change({ checks: { ...checks, [name]: { status: 'error', detail: 'rule 5, share: no ramp' } } });
      const { status, body } = await get(app);
      expect(status).toBe(503);
      expect(body).toMatchObject({ status: 'error', checks: { [name]: { detail: 'rule 5, share: no ramp' } } });
    },
  );

  test('is 503 while nobody answers clients, and 200 while some do', async () => {
    const app = anAdminApp();
    app.change({ workers: { wanted: 0, running: 0, restarted: 0 } });
    expect((await get(app)).status).toBe(200);
    app.change({ workers: { wanted: 2, running: 1, restarted: 4 } });
    expect((await get(app)).status).toBe(200);
    app.change({ workers: { wanted: 2, running: 0, restarted: 4 } });
    expect((await get(app)).status).toBe(503);
  });
});

test('/health/live is 200 also while the database is away', async () => {
  const app = anAdminApp();
  app.change({ checks: { ...app.health().checks, store: { status: 'error' } } });
  expect(await get(app, '/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
});
