/**
 * The data that the engine decides over. Types only.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z and end in `Ms`; percentages are decimals from 0 to 100
 * with at most five places and end in `percent`; now-serving numbers are integers from 0 to 16 777 215.
 */

import type { Blob } from './blob.ts';

/** One version of a piece of configuration, as the store numbers it: the first version of a name is 1. */
export interface Versioned<T> {
  readonly version: number;
  readonly value: T;
}

/** How much is let through: a fixed percentage, or a ramp that changes it with time. */
export type Share = PercentShare | Ramp;

export interface PercentShare {
  readonly kind: 'percent';
  readonly percent: number;
}

/** A share that is a closed-form function of time, so that nobody has to advance it. */
export interface Ramp {
  readonly kind: 'ramp';
  /** In order of time. Before the first point the ramp admits nobody, after the last it keeps the last value. */
  readonly points: readonly RampPoint[];
  /** Spans in which the ramp's own clock stands still, in order and without overlap. */
  readonly pauses?: readonly Pause[];
  /** From this moment on the ramp stands at `percent`, or lower if it had not come so far. */
  readonly rollback?: Rollback;
}

export interface RampPoint {
  readonly atMs: number;
  readonly percent: number;
  /** `step` jumps to `percent` at `atMs`; `line` climbs (or falls) to it in a straight line from the point before. */
  readonly by: 'step' | 'line';
}

export interface Pause {
  readonly fromMs: number;
  /** Absent while the pause lasts. */
  readonly toMs?: number;
}

export interface Rollback {
  readonly atMs: number;
  readonly percent: number;
}

/** Who is being decided for: a protocol without unit ids says `none`; one with them gives the id, `''` when it is missing. */
export type Unit = { readonly kind: 'none' } | { readonly kind: 'id'; readonly id: string };

/** Whether a person asked by hand: `main` gets the rule's release undrawn, `fallback` always loses the draw. */
export type Forced = 'no' | 'main' | 'fallback';

/** One question: what a client told us about itself. A text that a protocol lacks is `''`, except where absence differs. */
export interface Request {
  readonly product: string;
  readonly version: string;
  readonly buildId: string;
  readonly platform: string;
  readonly locale: string;
  readonly channel: string;
  readonly osVersion: string;
  readonly instructionSet: string;
  /** Megabytes; absent when unknown, and an unknown memory matches every rule. */
  readonly memoryMb: number | undefined;
  /** Whether the JAWS screen reader runs; absent when unknown. */
  readonly jaws: boolean | undefined;
  /** Whether a 32-bit client asks to move to 64 bits; absent when it said nothing. */
  readonly mig64: boolean | undefined;
  readonly distribution: string;
  readonly distributionVersion: string | undefined;
  /** `Intel` or `PPC`, from the request's headers; absent where the protocol cannot know. */
  readonly architecture: string | undefined;
  /** The version line the client asks to stay on, such as `115.` or `115.3.`; absent when it did not ask. */
  readonly pin: string | undefined;
  readonly forced: Forced;
  readonly unit: Unit;
}

/**
 * Which release a matching request gets, at which share, and what it gets otherwise.
 * An absent criterion matches anything. The text forms of the criteria are Mozilla Balrog's (`docs/faces/aus.md`).
 */
export interface Rule {
  readonly id: number;
  readonly alias?: string;
  /** The highest priority wins; among equals the smaller id. */
  readonly priority: number;
  /** The name of the release; absent means that a matching request gets nothing. */
  readonly release?: string;
  /** The name of the release for requests that lose the draw. */
  readonly fallback?: string;
  readonly share: Share;
  readonly updateType: 'minor' | 'major';
  readonly salt: string;
  readonly product?: string;
  readonly version?: string;
  readonly channel?: string;
  readonly platform?: string;
  readonly buildId?: string;
  readonly locale?: string;
  readonly osVersion?: string;
  readonly memory?: string;
  readonly instructionSet?: string;
  readonly jaws?: boolean;
  readonly mig64?: boolean;
  readonly distribution?: string;
  readonly distributionVersion?: string;
  readonly architecture?: string;
  readonly comment?: string;
}

/** A gas pedal on background requests of one product at one version: 0 stops, 100 lets all pass. */
export interface Throttle {
  readonly product: string;
  readonly version: string;
  readonly percent: number;
  readonly salt: string;
}

/** Channels in which no specific throttle of this version applies, whatever the product. */
export interface ThrottleException {
  readonly version: string;
  readonly channels: readonly string[];
}

/** The gas pedal where no specific throttle applies. */
export interface GlobalThrottle {
  readonly on: boolean;
  readonly percent: number;
  readonly salt: string;
}

/** A product, narrowed by what else is given, that gets nothing, forced or not. */
export interface EmergencyStop {
  readonly product: string;
  readonly channel?: string;
  readonly platform?: string;
  readonly version?: string;
  readonly locale?: string;
  readonly comment?: string;
}

/** The release for clients of a product and channel that ask to stay on a version line. */
export interface Pin {
  readonly product: string;
  readonly channel: string;
  /** `MAJOR.` or `MAJOR.MINOR.`, with the trailing dot. */
  readonly version: string;
  readonly release: string;
}

/** A host that may be named in file URLs, for these products, or for these products below these paths. */
export interface FileHost {
  readonly host: string;
  readonly products?: readonly string[];
  /** Regular expressions that a URL's whole path must match; the first that does decides. */
  readonly paths?: readonly { readonly pattern: string; readonly products: readonly string[] }[];
}

/** A product whose installs are to be counted by their checks: each must reach a server, and none may end at a cache. */
export interface Population {
  readonly product: string;
}

/** What a product's clients carry to report of themselves. It is public. */
export interface ClientKey {
  readonly key: string;
  readonly product: string;
  /** All that the product has, unless given. */
  readonly channels?: readonly string[];
  /** The most events of one kind in a minute. */
  readonly perMinute: number;
}

/** What holds for all update answers. */
export interface UpdateSettings {
  /** URL prefixes whose file URLs are told that the request was forced (`force=1` or `force=-1`). */
  readonly forceUrlPrefixes: readonly string[];
  /** Products whose update XML carries a Content-Signature, where a key is configured. */
  readonly signedProducts: readonly string[];
}

/** Something to be served. The blob is in Mozilla Balrog's format; `schema_version` says which of them. */
export interface Release {
  readonly name: string;
  readonly product: string;
  readonly blob: Blob;
}

/** Everything that is configured, each object in its newest version. */
export interface Configuration {
  readonly revision: number;
  readonly rules: readonly Versioned<Rule>[];
  readonly releases: readonly Versioned<Release>[];
  readonly throttles: readonly Versioned<Throttle>[];
  readonly throttleExceptions: readonly Versioned<ThrottleException>[];
  readonly globalThrottle: Versioned<GlobalThrottle> | undefined;
  readonly emergencyStops: readonly {
    readonly name: string;
    readonly version: number;
    readonly value: EmergencyStop;
  }[];
  readonly pins: readonly Versioned<Pin>[];
  readonly fileHosts: readonly Versioned<FileHost>[];
  readonly populations: readonly Versioned<Population>[];
  readonly clientKeys: readonly Versioned<ClientKey>[];
  readonly settings: UpdateSettings;
}
