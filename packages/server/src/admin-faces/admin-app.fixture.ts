import type { AdminApp } from '../admin-face.ts';
import type { Health } from '../health.ts';
import { Meter } from '../metrics/meter.ts';
import type { MeterReading } from '../metrics/meter-reading.ts';

const well: Health = {
  checks: { store: { status: 'ok' }, snapshot: { status: 'ok' }, disk: { status: 'ok' } },
  revision: 7,
  upToDateAtMs: 1_000_000,
  snapshotFrom: 'store',
  savedRevision: 6,
  workers: { wanted: 2, running: 2, restarted: 0 },
};

/** What an admin face is opened with, of which the tests may change everything. */
export interface ChangeableAdminApp extends AdminApp {
  change(differences: Partial<Health>): void;
  count(reading: MeterReading): void;
}

/** A node that is well, at 2 s after it was last known to be up to date. */
export function anAdminApp(): ChangeableAdminApp {
  let health = well;
  let reading = new Meter().read();
  return {
    health: () => health,
    reading: () => reading,
    nowMs: () => 1_002_000,
    version: { source: 'sluice', version: '1.2.3', commit: '', build: '' },
    change: (differences) => {
      health = { ...health, ...differences };
    },
    count: (counted) => {
      reading = counted;
    },
  };
}
