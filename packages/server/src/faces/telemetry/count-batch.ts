import type { ClientKey } from 'sluice';
import type { App, Reply } from '../../face.ts';
import type { Mistake } from '../../problem.ts';
import type { Counted, KeyBudget } from './key-budget.ts';
import type { Batch } from './read-batch.ts';
import { accepted, refused, wrong } from './replies.ts';
import { seriesOf } from './series-of.ts';

/** Counts all of a batch, or nothing of it, and answers so. */
export function countBatch(app: Pick<App, 'snapshot' | 'nowMs' | 'tally'>, used: KeyInUse, { events }: Batch): Reply {
  const { key, budget } = used;
  const snapshot = app.snapshot();
  const counted: Counted[] = [];
  const mistakes: Mistake[] = [];
  for (const [at, report] of events.entries()) {
    const found = seriesOf(snapshot, key, report);
    if (found.kind === 'refused') return refused('client-key-refused', `events[${at}]: ${found.why}`);
    if (found.kind === 'mistake') mistakes.push({ at: `events[${at}].${found.field}`, message: found.message });
    else counted.push({ series: found.series, count: report.count });
  }
  if (mistakes.length > 0) return wrong(mistakes);
  const waitMs = budget.take(counted, app.nowMs());
  if (waitMs === Number.POSITIVE_INFINITY) {
    return wrong([{ at: 'events', message: `more of one event than its key allows in a minute, ${key.perMinute}` }]);
  }
  if (waitMs > 0) {
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    return refused('too-many-requests', `try again in ${retryAfterSeconds} seconds`, { retryAfterSeconds });
  }
  const { tally } = app;
  if (tally !== undefined) for (const { series, count } of counted) tally.count(tally.find(series), count);
  return accepted(counted.reduce((sum, { count }) => sum + count, 0));
}

/** A key, and what may still be reported with it. */
export interface KeyInUse {
  readonly key: ClientKey;
  readonly budget: KeyBudget;
}
