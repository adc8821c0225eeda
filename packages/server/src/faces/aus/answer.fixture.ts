import {
  type Blob,
  compile,
  type Decision,
  decide,
  emptyConfiguration,
  type FileHost,
  type Release,
  type Request,
  type Rule,
  type Snapshot,
  type UpdateSettings,
} from 'sluice';
import { renderJson } from './guardian-json.ts';
import { renderXml } from './render.ts';

const client: Request = {
  product: 'MyApp',
  version: '1.0',
  buildId: '20200101000000',
  platform: 'Linux_x86_64-gcc3',
  locale: 'de',
  channel: 'release',
  osVersion: 'Linux 6.1',
  instructionSet: '',
  memoryMb: undefined,
  jaws: undefined,
  mig64: undefined,
  distribution: 'default',
  distributionVersion: 'default',
  architecture: 'Intel',
  pin: undefined,
  forced: 'no',
  unit: { kind: 'none' },
};

/** The request of an old German MyApp on Linux, or what is said instead. */
export function aRequest(said: Partial<Request> = {}): Request {
  return { ...client, ...said };
}

/** What stands around the release that is served. */
export interface Surroundings {
  readonly request?: Partial<Request>;
  readonly others?: readonly Release[];
  readonly rules?: readonly Partial<Rule>[];
  readonly hosts?: readonly FileHost[];
  readonly settings?: Partial<UpdateSettings>;
  /** Products whose installs are counted by their checks. */
  readonly populations?: readonly string[];
  readonly updateType?: 'minor' | 'major';
}

const download: FileHost = { host: 'download.example.org', products: ['MyApp', 'Widevine', 'Addons', 'Guardian'] };

/** A snapshot in which one rule gives everybody of the client's product this release. */
export function snapshotOf(blob: Blob, around: Surroundings = {}): Snapshot {
  const { others = [], rules = [], hosts = [download], settings, updateType = 'minor', populations = [] } = around;
  const { product } = aRequest(around.request);
  const first: Partial<Rule> = { product, release: blob.name, updateType };
  return compile({
    ...emptyConfiguration,
    rules: [first, ...rules].map((rule, index) => ({ version: 1, value: { ...everybody(index + 1), ...rule } })),
    releases: [{ name: blob.name, product, blob }, ...others].map((value) => ({ version: 1, value })),
    fileHosts: hosts.map((value) => ({ version: 1, value })),
    populations: populations.map((product) => ({ version: 1, value: { product } })),
    settings: { ...emptyConfiguration.settings, ...settings },
  });
}

function everybody(id: number): Rule {
  const share = { kind: 'percent', percent: 100 } as const;
  return { id, priority: 100, share, updateType: 'minor', salt: '0123456789abcdef' };
}

/** The decision for the client that `around` describes. */
export function decisionOf(snapshot: Snapshot, request: Request): Decision {
  return decide(snapshot, request, 0, () => 1);
}

/** The update XML of a release. */
export function xmlOf(blob: Blob, around: Surroundings = {}): string | undefined {
  const snapshot = snapshotOf(blob, around);
  const request = aRequest(around.request);
  return renderXml(decisionOf(snapshot, request), request, snapshot);
}

/** The update JSON of a release. */
export function jsonOf(blob: Blob, around: Surroundings = {}): string | undefined {
  const snapshot = snapshotOf(blob, around);
  const request = aRequest(around.request);
  return renderJson(decisionOf(snapshot, request), request, snapshot);
}

/** An answer with these lines between its `<updates>`. */
export function updates(...lines: readonly string[]): string {
  return ['<?xml version="1.0"?>', '<updates>', ...lines, '</updates>'].join('\n');
}
