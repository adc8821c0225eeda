import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';

/** The log of a process, on standard error. Each line is written before the next thing is done. */
export function openLog({ log }: Pick<Config, 'log'>): Logger {
  const destination = pino.destination({ dest: 2, sync: true });
  // Where nothing can be written any more, such as on a full disk, the lines are lost and the process goes on.
  destination.on('error', () => {});
  return pino({ level: log.level }, destination);
}
