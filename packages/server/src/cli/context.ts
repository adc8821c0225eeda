import type { KeyObject } from 'node:crypto';
import type { AdminFace } from '../admin-face.ts';
import type { ApiApp } from '../api-app.ts';
import type { Config, ConfigSources, LoadedConfig } from '../config.ts';
import type { EdgeApp } from '../edge-app.ts';
import type { EdgeSource, EdgeSourceOptions } from '../edge-source.ts';
import type { Face, SoftwareVersion } from '../face.ts';
import type { Importer } from '../importer.ts';
import type { NoticeApp } from '../notice-app.ts';
import type { Notifier } from '../notifier.ts';
import type { SignInApp } from '../sign-in-app.ts';
import type { OutsideSignal, OwnSignal } from '../signal.ts';
import type { ReleaseShelf } from '../snapshot/release-shelf.ts';
import type { Source } from '../source.ts';
import type { Store } from '../store.ts';

/** What only a node needs that runs. */
export interface Serving {
  readonly adminFaces: readonly AdminFace[];
  /** What edges follow. */
  readonly edgeFace: AdminFace<'edge', EdgeApp>;
  /** What people and programs alter and look up. */
  readonly apiFace: AdminFace<'api', ApiApp>;
  /** How people sign in to it. */
  readonly signInFace: AdminFace<'sign-in', SignInApp>;
  /** Where the links of notices lead. */
  readonly noticeFace: AdminFace<'notice', NoticeApp>;
  /** What the server reads from its own counters. */
  readonly ownSignals: readonly OwnSignal[];
  /** How notices are sent. */
  readonly notifiers: readonly Notifier[];
  /** A store as the source of a node, opened when it is first asked. */
  storeSource(open: () => Promise<Store>, shelf: ReleaseShelf): Source;
  /** Another node as the source of a node. @throws Problem `invalid-config`, `unreadable-file`. */
  edgeSource(options: EdgeSourceOptions): EdgeSource;
  /** The key with which a node signs what edges follow. @throws Problem. */
  openSigningKey(place: { readonly data: string; readonly file: string | undefined }): Promise<KeyObject>;
  /** Makes this process the only server of a data folder. @throws Problem `data-folder-in-use`. */
  lockDataFolder(config: Pick<Config, 'data'>): Promise<{ release(): void }>;
}

/** What the commands work with; `main.ts` puts it together. */
export interface Context {
  readonly faces: readonly Face[];
  readonly importers: readonly Importer[];
  readonly version: SoftwareVersion;
  loadConfig(sources: Omit<ConfigSources, 'faces'>): LoadedConfig;
  /** Opens the store, and makes an empty one where there is none, unless it must exist. */
  openStore(config: Pick<Config, 'data' | 'databaseUrl'>, options?: { readonly mustExist: boolean }): Promise<Store>;
  /** Loads what an agent reads outside. */
  loadOutsideSignals(): Promise<readonly OutsideSignal[]>;
  /** Loads what a node needs: other commands begin in half the time without it, and so do workers. */
  loadServing(): Promise<Serving>;
  nowMs(): number;
  /** Prints a line for a person or a pipe. */
  print(line: string): void;
  /** Prints a line beside the output. */
  warn(line: string): void;
}
