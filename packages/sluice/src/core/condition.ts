/**
 * When a change may be enacted: a tree whose leaves are true, false or unknown. Unknown never acts.
 * Source of the logic: S. C. Kleene, Introduction to Metamathematics (1952), §64, strong three-valued connectives.
 */
export type Condition =
  | { readonly now: true }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly time: TimeCondition }
  | { readonly approval: { readonly role: string; readonly count: number } }
  | { readonly change: ChangeCondition }
  | { readonly signal: SignalCondition }
  | { readonly hours: HoursCondition }
  | { readonly cron: CronCondition };

/** From `after` on, and before `before`; at least one of them. */
export interface TimeCondition {
  /** RFC 3339 with an offset (`2026-12-01T10:00:00Z`), or without one when `zone` is given (`2026-12-01T10:00`). */
  readonly after?: string;
  readonly before?: string;
  /** An IANA zone, such as `Europe/Berlin`. */
  readonly zone?: string;
}

/** Another change is in a state and, where `for` says so, has been in it for so long. */
export interface ChangeCondition {
  readonly id: number;
  readonly state: 'enacted' | 'vetoed' | 'failed';
  /** A duration in the form of ISO 8601: `PT24H`. */
  readonly for?: string;
}

/** Working hours: on some days of the week, from one time of the day on and before another. */
export interface HoursCondition {
  /** Monday to Friday unless said otherwise. */
  readonly days?: readonly Weekday[];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`, later than `from`; `24:00` is the end of the day. */
  readonly to: string;
  /** An IANA zone. */
  readonly zone: string;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** For so long after each moment that a cron expression of five fields names. */
export interface CronCondition {
  readonly expression: string;
  /** A duration in the form of ISO 8601. */
  readonly lasts: string;
  /** An IANA zone. */
  readonly zone: string;
}

/** A signal compared with a number. Exactly one of `name`, `uptake`, `offers`, `checks`, `events` and `crashes` says which. */
export interface SignalCondition {
  /** The name of an object of the kind `signal`, which is read outside. */
  readonly name?: string;
  /** How many installs run a version; the others too are read from our own counters. */
  readonly uptake?: UptakeQuery;
  readonly offers?: OffersQuery;
  readonly checks?: ChecksQuery;
  readonly events?: EventsQuery;
  readonly crashes?: CrashesQuery;
  readonly op: '>=' | '>' | '<=' | '<';
  readonly value: number;
  /** Must have held for so long without a break, by the times of the readings; a duration in the form of ISO 8601. */
  readonly for?: string;
  /** Hysteresis: having held, it goes on holding until the value has passed this one too. On the far side of `value`. */
  readonly until?: number;
  /** Older readings are no readings; a duration. */
  readonly maxAge?: string;
  /** What it is where there is no reading: unknown (`hold`, unless said otherwise), false or true. */
  readonly onUnknown?: 'hold' | 'fail' | 'pass';
  /** Having once held, since the condition is what it is, it holds for good. */
  readonly latched?: true;
}

/** What our own counters are asked about; a window is a duration in the form of ISO 8601 that ends with the newest count. */
export interface CountedPlace {
  readonly product: string;
  /** All channels unless given. */
  readonly channel?: string;
  readonly window?: string;
}

export interface UptakeQuery extends CountedPlace {
  readonly version: string;
  /** A number of installs (unless said otherwise), or their percentage of the population. */
  readonly as?: 'count' | 'percent';
  /** Estimated from update checks (unless said otherwise), or what telemetry reports. */
  readonly from?: 'checks' | 'telemetry';
}

export interface OffersQuery extends CountedPlace {
  readonly release?: string;
  readonly rule?: number;
}

export interface ChecksQuery extends CountedPlace {
  readonly version?: string;
}

export interface EventsQuery extends CountedPlace {
  readonly event: TelemetryEvent;
  readonly version?: string;
}

/** Crashes of a day for each install that was active: a number from 0 on. */
export interface CrashesQuery extends CountedPlace {
  readonly version?: string;
}

/** What clients report of themselves. */
export type TelemetryEvent = 'installed' | 'active-today' | 'crashed-today' | 'failed';

/** A part without parts. */
export type ConditionLeaf = Exclude<
  Condition,
  { readonly all: unknown } | { readonly any: unknown } | { readonly not: unknown }
>;

export type Truth = 'true' | 'false' | 'unknown';

/** All leaves from left to right, each as often as it stands there. */
export function leavesOf(condition: Condition): readonly ConditionLeaf[] {
  return parentsFirst(condition).filter(isLeaf);
}

/** What a condition comes to when `leaf` says what each leaf is; `now` is always true. Every leaf is asked for, however deep. */
export function evaluate(condition: Condition, leaf: (leaf: ConditionLeaf) => Truth): Truth {
  const nodes = parentsFirst(condition);
  const done: Truth[] = [];
  for (const node of nodes.reverse()) {
    // Behind a node stand its children, so the last ones that are done are its own.
    const children = done.splice(done.length - childrenOf(node).length);
    done.push(isLeaf(node) ? leafTruth(node, leaf) : combine(node, children));
  }
  return done[0] ?? 'unknown';
}

function combine(node: Exclude<Condition, ConditionLeaf>, children: readonly Truth[]): Truth {
  if ('all' in node) return first(['false', 'unknown'], children) ?? 'true';
  if ('any' in node) return first(['true', 'unknown'], children) ?? 'false';
  return opposite(children[0] ?? 'unknown');
}

function leafTruth(node: ConditionLeaf, leaf: (leaf: ConditionLeaf) => Truth): Truth {
  return 'now' in node ? 'true' : leaf(node);
}

function first(order: readonly Truth[], among: readonly Truth[]): Truth | undefined {
  return order.find((truth) => among.includes(truth));
}

function opposite(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'true' ? 'false' : 'true';
}

function isLeaf(node: Condition): node is ConditionLeaf {
  return !('all' in node || 'any' in node || 'not' in node);
}

function childrenOf(node: Condition): readonly Condition[] {
  if ('all' in node) return node.all;
  if ('any' in node) return node.any;
  return 'not' in node ? [node.not] : [];
}

/** Without recursion, so that no depth is too great. */
function parentsFirst(condition: Condition): Condition[] {
  const found: Condition[] = [];
  const waiting = [condition];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.push(node);
    for (const child of [...childrenOf(node)].reverse()) waiting.push(child);
  }
  return found;
}
