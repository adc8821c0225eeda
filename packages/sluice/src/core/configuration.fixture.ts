import type {
  Configuration,
  EmergencyStop,
  GlobalThrottle,
  Pin,
  Release,
  Rule,
  Throttle,
  ThrottleException,
} from './model.ts';
import { firstVersions } from './rule.fixture.ts';
import { compile, emptyConfiguration, type Snapshot } from './snapshot.ts';

/** What is configured, as plain values. */
export interface Objects {
  readonly rules?: readonly Rule[];
  readonly releases?: readonly Release[];
  readonly throttles?: readonly Throttle[];
  readonly exceptions?: readonly ThrottleException[];
  readonly global?: GlobalThrottle;
  /** Each is named after its place in the list: `stop 1`, `stop 2` … */
  readonly stops?: readonly EmergencyStop[];
  readonly pins?: readonly Pin[];
}

/** A configuration at revision 7 with every object in its first version. */
export function aConfiguration(objects: Objects): Configuration {
  const { rules = [], releases = [], throttles = [], exceptions = [], global, stops = [], pins = [] } = objects;
  return {
    ...emptyConfiguration,
    revision: 7,
    rules: firstVersions(rules),
    releases: firstVersions(releases),
    throttles: firstVersions(throttles),
    throttleExceptions: firstVersions(exceptions),
    globalThrottle: global && { version: 1, value: global },
    emergencyStops: stops.map((value, at) => ({ name: `stop ${at + 1}`, version: 1, value })),
    pins: firstVersions(pins),
  };
}

export function aSnapshot(objects: Objects): Snapshot {
  return compile(aConfiguration(objects));
}
