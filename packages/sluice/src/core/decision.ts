import type { Release } from './model.ts';

/** What a request gets, and why. */
export type Decision = Serve | Hold | Invalid;

/** The request gets a release. */
export interface Serve extends Because {
  readonly kind: 'serve';
  readonly release: Release;
  readonly updateType: 'minor' | 'major';
  readonly admitted: 'main' | 'fallback';
  /** What the answer is made of: the release itself, or, for a superblob, what stands for it. */
  readonly parts: readonly Part[];
  /** For a superblob that lists products: what was decided for each, those included that get nothing. */
  readonly products: readonly { readonly product: string; readonly decision: Decision }[] | undefined;
}

export interface Part {
  readonly product: string;
  readonly release: Release;
  readonly updateType: 'minor' | 'major';
}

/** The request gets nothing. */
export interface Hold extends Because {
  readonly kind: 'hold';
  readonly reason: HoldReason;
}

export type HoldReason =
  /** An emergency stop holds the product. */
  | 'stopped'
  /** A throttle let the request not pass. */
  | 'throttled'
  /** No rule matches. */
  | 'no-rule'
  /** The rule names no release. */
  | 'no-release'
  /** The draw was lost and there is no fallback. */
  | 'outside-share'
  /** The protocol has unit ids, and this request carries none. */
  | 'unit-missing'
  /** The rule names a release that does not exist. */
  | 'release-missing'
  /** The release says no version that can be read. */
  | 'no-version'
  /** The client has this version or a newer one. */
  | 'not-newer'
  /** The release is not made for the client's platform. */
  | 'platform-missing';

/** The request cannot be answered as it was asked. */
export interface Invalid extends Because {
  readonly kind: 'invalid';
  readonly reason: 'invalid-version' | 'invalid-pin' | 'unknown-platform' | 'unknown-locale';
}

/** Everything that a decision rests on; what had no say is `undefined`. */
export interface Because {
  readonly revision: number;
  /** The name of the emergency stop that holds the request. */
  readonly stop: string | undefined;
  /** The throttle that applied, with what came of it. */
  readonly throttle: ThrottleAdmission | undefined;
  readonly rule: MatchedRule | undefined;
  /** What came of the rule's share; absent where a forced request made it needless. */
  readonly share: Admission | undefined;
  /** The pinned release that went before the rule's, or that the pin is not known and so had no effect. */
  readonly pin: { readonly line: string; readonly release: string | undefined } | undefined;
  /** The release that was looked at. */
  readonly candidate: string | undefined;
  /** Whether a draw or a unit id had a say, so that the next client may get another answer to the same words. */
  readonly drawn: boolean;
}

export interface MatchedRule {
  readonly id: number;
  readonly version: number;
  readonly priority: number;
}

export interface ThrottleAdmission extends Admission {
  readonly name: string;
  readonly percent: number;
}

/** A ticket against the number now being served. The ticket is absent where the number admits nobody or everybody. */
export interface Admission {
  readonly ticket: number | undefined;
  readonly nowServing: number;
  readonly admitted: boolean;
}
