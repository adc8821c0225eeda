import { compileStops, type EmergencyStops } from './emergency-stop.ts';
import { compileFileHosts, type FileHosts } from './file-hosts.ts';
import type { ClientKey, Configuration, Release, UpdateSettings } from './model.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';
import { sameItems } from './take-over.ts';
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
  /** Products whose installs are counted by their checks. */
  readonly populations: ReadonlySet<string>;
  readonly clientKeys: ReadonlyMap<string, ClientKey>;
  readonly settings: UpdateSettings;
  /** What it was compiled from. */
  readonly configuration: Configuration;
}

/**
 * Compiles a configuration. Total: what an object says that cannot be read matches nothing and harms no other.
 *
 * @param previous what was compiled before: whatever has not changed since is taken over from it. An object that is the
 * very same, `Versioned` and all, has not changed.
 */
export function compile(configuration: Configuration, previous?: Snapshot): Snapshot {
  const ifSame = (...kinds: readonly (keyof Configuration)[]): Snapshot | undefined =>
    kinds.every((kind) => isSame(configuration[kind], previous?.configuration[kind])) ? previous : undefined;
  const { emergencyStops, throttles, throttleExceptions, globalThrottle, releases, pins, fileHosts } = configuration;
  const { populations, clientKeys } = configuration;
  return {
    revision: configuration.revision,
    stops: ifSame('emergencyStops')?.stops ?? compileStops(emergencyStops),
    throttles:
      ifSame('throttles', 'throttleExceptions', 'globalThrottle')?.throttles ??
      compileThrottles(throttles, throttleExceptions, globalThrottle),
    rules: indexRules(configuration.rules, previous?.rules),
    releases: ifSame('releases')?.releases ?? new Map(releases.map(({ value }) => [value.name, value])),
    pins: ifSame('pins')?.pins ?? compilePins(pins),
    fileHosts: ifSame('fileHosts')?.fileHosts ?? compileFileHosts(fileHosts),
    populations: ifSame('populations')?.populations ?? new Set(populations.map(({ value }) => value.product)),
    clientKeys: ifSame('clientKeys')?.clientKeys ?? new Map(clientKeys.map(({ value }) => [value.key, value])),
    settings: configuration.settings,
    configuration,
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && sameItems(a, b));
}

function compilePins(pins: Configuration['pins']): Snapshot['pins'] {
  return new Map(pins.map(({ value }) => [pinKey(value.product, value.channel, value.version), value.release]));
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
  populations: [],
  clientKeys: [],
  settings: { forceUrlPrefixes: [], signedProducts: [] },
};
