import type { Command } from 'commander';
import { Problem } from '../problem.ts';
import { type ApiOptions, addApiOptions } from './with-api.ts';
import { dataOption, type StoreOptions } from './with-store.ts';

/** Where a command works that needs no server: on the database itself, or over the API. */
export interface StoreOrApiOptions extends ApiOptions, StoreOptions {
  readonly direct?: true;
}

/** Gives a command the options that choose between the database and the API. */
export function addStoreOrApiOptions(command: Command): Command {
  return addApiOptions(command)
    .addOption(dataOption())
    .option('--direct', 'work on the database itself, as --data, DATABASE_URL or the configuration name it');
}

/** Whether the options mean the database itself. @throws Problem `usage` where they mean both. */
export function isDirect({ direct, data, url }: StoreOrApiOptions): boolean {
  const meansStore = direct === true || data !== undefined;
  if (meansStore && url !== undefined)
    throw new Problem('usage', '--url is a server, and --data or --direct the database itself: say one of them');
  return meansStore;
}
