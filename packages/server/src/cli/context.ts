import type { Config, ConfigSources, LoadedConfig } from '../config.ts';
import type { Face, SoftwareVersion } from '../face.ts';
import type { Importer } from '../importer.ts';
import type { Store } from '../store.ts';

/** What the commands work with; `main.ts` puts it together. */
export interface Context {
  readonly faces: readonly Face[];
  readonly importers: readonly Importer[];
  readonly version: SoftwareVersion;
  loadConfig(sources: Omit<ConfigSources, 'faces'>): LoadedConfig;
  /** Opens the store, and makes an empty one where there is none, unless it must exist. */
  openStore(config: Pick<Config, 'data' | 'databaseUrl'>, options?: { readonly mustExist: boolean }): Promise<Store>;
  /** Makes this process the only server of a data folder. @throws Problem `data-folder-in-use`. */
  lockDataFolder(config: Pick<Config, 'data'>): Promise<{ release(): void }>;
  nowMs(): number;
  /** Prints a line for a person or a pipe. */
  print(line: string): void;
  /** Prints a line beside the output. */
  warn(line: string): void;
}
