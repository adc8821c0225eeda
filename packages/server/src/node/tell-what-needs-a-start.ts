import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';

/** Settings that only the process reads that follows the source and runs the workers; a new worker takes all others over. */
const ofThePrimary = [
  'data',
  'databaseUrl',
  'admin',
  'adminToken',
  'followMs',
  'previewLines',
  'keepAuditDays',
  'keepCountsDays',
  'keepReadingsDays',
  'keepNoticesDays',
  'counters',
  'edge',
  'signIn',
  'api',
  'log',
] as const;

/** Says which changed settings are not taken over until the node is started again. */
export function tellWhatNeedsAStart(log: Logger, before: Config, after: Config): void {
  const waiting =
    before.workers === 0
      ? Object.keys({ ...before, ...after }).filter((name) => name !== 'drainMs')
      : [...ofThePrimary, ...(after.workers === 0 ? ['workers'] : [])];
  const differs = (name: string) => !isDeepStrictEqual(before[name as keyof Config], after[name as keyof Config]);
  const settings = waiting.filter(differs);
  if (settings.length > 0) log.warn({ settings }, 'these settings are taken over when the node is started again');
}
