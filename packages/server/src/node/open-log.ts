import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';

/** The log of a process, on standard error. Each line is written before the next thing is done. */
export function openLog({ log }: Pick<Config, 'log'>): Logger {
  return pino({ level: log.level }, pino.destination({ dest: 2, sync: true }));
}
