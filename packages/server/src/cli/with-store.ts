import { Option as makeOption, type Option } from 'commander';
import type { Mistake } from '../problem.ts';
import type { Store } from '../store.ts';
import type { Context } from './context.ts';

/** Where the store is, as every command that needs one takes it. */
export interface StoreOptions {
  readonly data?: string;
  readonly config?: string;
}

export function dataOption(): Option {
  return new makeOption(
    '--data <dir>',
    'folder of the embedded database (default: ./data); DATABASE_URL names another',
  );
}

export function configOption(): Option {
  return new makeOption('--config <file>', 'configuration file (default: sluice.yaml or sluice.json, if there is one)');
}

export function setOption(): Option {
  return new makeOption('--set <path=value>', 'any setting, as JSON or else as text; may be repeated')
    .default([], 'none')
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}

/** Opens the store that the options name, for as long as `use` runs. */
export async function withStore<T>(
  context: Context,
  options: StoreOptions,
  use: (store: Store) => Promise<T>,
  opening = { mustExist: false },
): Promise<T> {
  const { config } = context.loadConfig({ file: options.config, options: { data: options.data } });
  const store = await context.openStore(config, opening);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** For commands that have nothing to do in an empty store. */
export const existing = { mustExist: true };

const mostWarnings = 20;

/** Tells of what is doubtful, the first twenty places in full. */
export function printWarnings(context: Context, warnings: readonly Mistake[]): void {
  for (const { at, message } of warnings.slice(0, mostWarnings)) context.warn(`warning: ${at}: ${message}`);
  if (warnings.length > mostWarnings) context.warn(`warning: and ${warnings.length - mostWarnings} more`);
}
