import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Face, SoftwareVersion } from '../face.ts';

/** What every process of a node is made from. */
export interface NodeParts {
  readonly config: Config;
  readonly log: Logger;
  readonly faces: readonly Face[];
  readonly version: SoftwareVersion;
  readonly nowMs: () => number;
}
