import { compileStops, type EmergencyStops } from './emergency-stop.ts';
import { compileFileHosts, type FileHosts } from './file-hosts.ts';
import type { Configuration, Release, UpdateSettings } from './model.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';
import { compileThrottles, type Throttles } from './throttle.ts';

/** The whole configuration at one revision, made ready. Immutable; everything that answers reads this and nothing else. */
export interface Snapshot {
  readonly revision: number;
  readonly stops: EmergencyStops;
  readonly throttles: Throttles;
  readonly rules: RuleIndex;
  readonly releases: ReadonlyMap<string, Release>;
  /** Release names by `pinKey`. */
  readonly pins: ReadonlyMap<string, string>;
  readonly fileHosts: FileHosts;
  readonly settings: UpdateSettings;
}

/** Compiles a configuration. Total: what an object says that cannot be read matches nothing and harms no other. */
export function compile(configuration: Configuration): Snapshot {
  return {
    revision: configuration.revision,
    stops: compileStops(configuration.emergencyStops),
    throttles: compileThrottles(
      configuration.throttles,
      configuration.throttleExceptions,
      configuration.globalThrottle,
    ),
    rules: indexRules(configuration.rules),
    releases: new Map(configuration.releases.map(({ value }) => [value.name, value])),
    pins: new Map(
      configuration.pins.map(({ value }) => [pinKey(value.product, value.channel, value.version), value.release]),
    ),
    fileHosts: compileFileHosts(configuration.fileHosts),
    settings: configuration.settings,
  };
}

export function pinKey(product: string, channel: string, version: string): string {
  return `${product}\0${channel}\0${version}`;
}

/** A configuration with nothing in it. */
export const emptyConfiguration: Configuration = {
  revision: 0,
  rules: [],
  releases: [],
  throttles: [],
  throttleExceptions: [],
  globalThrottle: undefined,
  emergencyStops: [],
  pins: [],
  fileHosts: [],
  settings: { forceUrlPrefixes: [], signedProducts: [] },
};
