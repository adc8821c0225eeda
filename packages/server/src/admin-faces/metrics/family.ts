import type { NoticeReading } from '../../app/notices/send-notices.ts';
import type { SoftwareVersion } from '../../face.ts';
import type { Health } from '../../health.ts';
import type { CountsByName } from './by-counter.ts';
import type { Sample } from './sample.ts';

/** All that a scrape tells of, at one moment. */
export interface Observed {
  readonly counts: CountsByName;
  readonly health: Health;
  readonly nowMs: number;
  readonly version: SoftwareVersion;
  /** Absent on a node that sends none. */
  readonly notices?: NoticeReading | undefined;
}

/** A metric as Prometheus knows it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  samples(observed: Observed): readonly Sample[];
}
