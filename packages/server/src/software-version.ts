import { readFileSync } from 'node:fs';
import type { SoftwareVersion } from './face.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** What runs: the version of this package. Commit and build are not known to it. */
export const softwareVersion: SoftwareVersion = {
  source: 'sluice',
  version: manifest.version,
  commit: '',
  build: '',
};
