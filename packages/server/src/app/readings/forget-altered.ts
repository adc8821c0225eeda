import type { StoredVersion } from '../../stored-commit.ts';
import type { Desk } from '../changes/desk.ts';
import { signalKey } from '../conditions/signal-key.ts';
import { keepReadings } from './keep-readings.ts';

/** What was read of a signal says nothing of what is read under its name once it is altered: until then nothing is known. */
export async function forgetAltered({ tx, nowMs }: Desk, versions: readonly StoredVersion[]): Promise<void> {
  const altered = versions.filter(({ kind, version }) => kind === 'signal' && version > 1);
  if (altered.length === 0) return;
  const asOfMs = nowMs;
  const unknown = altered.map(({ name, version }) => {
    return {
      signal: signalKey({ name }),
      asOfMs,
      note: `the signal was altered: version ${version}`,
      atMs: nowMs,
      by: 'system',
    };
  });
  await keepReadings(tx, unknown);
}
