/**
 * The engine of Sluice: tickets, shares, matching and decisions. Pure functions without dependencies.
 *
 * @module
 */
export { admit } from './admission.ts';
export {
  applicationVersion,
  buildIdOf,
  fieldOf,
  localeOf,
  platformOf,
  resolvedPlatform,
  sameBuilds,
} from './app-release.ts';
export type * from './blob.ts';
export { coversChannel, fallbackChannel } from './channel.ts';
export {
  type ChangeCondition,
  type ChecksQuery,
  type Condition,
  type ConditionLeaf,
  type CountedPlace,
  type CrashesQuery,
  type CronCondition,
  type EventsQuery,
  evaluate,
  type HoursCondition,
  leavesOf,
  type OffersQuery,
  type SignalCondition,
  type TelemetryEvent,
  type TimeCondition,
  type Truth,
  type UptakeQuery,
  type Weekday,
} from './condition.ts';
export { meetsText, meetsVersion, numberCriterion, textCriterion, versionCriterion } from './criteria.ts';
export { decide, decideOutcome } from './decide.ts';
export type { Admission, Because, Decision, Hold, HoldReason, Invalid, Part, Serve } from './decision.ts';
export { type ExpectedCrossing, expectedCrossing } from './expected-crossing.ts';
export { hostAndPath, isAllowedUrl } from './file-hosts.ts';
export { gatherReleases, type ReadRelease, type ReleasePart, withReleases } from './gather-releases.ts';
export type * from './model.ts';
export { murmur3 } from './murmur3.ts';
export { admits, everybody, nobody, nowServing } from './now-serving.ts';
export { type Branch, branchOf, type Outcome, outcomeOf } from './outcome.ts';
export { type Dictionary, own } from './own.ts';
export { pinText, readPin } from './pin.ts';
export type { Reading } from './reading.ts';
export { pauseRamp, resumeRamp, rollBackRamp, type ServingAt, servingAt } from './share.ts';
export { type SignalComparison, type SignalVerdict, signalTruth } from './signal-truth.ts';
export { compile, emptyConfiguration, type Snapshot } from './snapshot.ts';
export { type Draw, firstTicket, lastTicket, ticket } from './ticket.ts';
export { allocateSlots, type SlotRange, type SlotWeights, slotCount, variantOf } from './variants.ts';
export { compareVersions, readMozillaVersion, readVersion, type Version, versionScheme } from './version.ts';
