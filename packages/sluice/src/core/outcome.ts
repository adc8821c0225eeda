import { type CompiledStop, stopFor } from './emergency-stop.ts';
import type { Request } from './model.ts';
import { everybody, nobody } from './now-serving.ts';
import { type PinLine, readPin } from './pin.ts';
import { Query } from './query.ts';
import { type Found, findRule } from './rule-index.ts';
import type { Snapshot } from './snapshot.ts';
import { type CompiledThrottle, throttleFor } from './throttle.ts';
import { type Draw, ticket } from './ticket.ts';

/** What a request comes to before anything is drawn: the same for every client that asks in the same words. */
export interface Outcome {
  readonly snapshot: Snapshot;
  readonly query: Query;
  readonly pinLine: PinLine | undefined;
  /** Whether this is one product of a superblob, which the throttles have passed as a whole. */
  readonly nested: boolean;
  readonly stop: CompiledStop | undefined;
  readonly throttle: CompiledThrottle | undefined;
  readonly found: Found;
}

/** Finds the stop, the throttle and the rule that a request meets. Pure and total. */
export function outcomeOf(snapshot: Snapshot, request: Request): Outcome {
  const query = new Query(request);
  return {
    snapshot,
    query,
    pinLine: request.pin === undefined ? undefined : readPin(request.pin),
    nested: false,
    stop: stopFor(snapshot.stops, query),
    throttle: request.forced === 'main' ? undefined : throttleFor(snapshot.throttles, query),
    found: findRule(snapshot.rules, query),
  };
}

/** One product of a superblob: its own stops and rules, but no throttle. */
export function nestedOutcome({ snapshot, query, pinLine }: Outcome, product: string): Outcome {
  const inner = new Query({ ...query.request, product });
  const stop = stopFor(snapshot.stops, inner);
  return {
    snapshot,
    query: inner,
    pinLine,
    nested: true,
    stop,
    throttle: undefined,
    found: findRule(snapshot.rules, inner),
  };
}

/**
 * Which way a request goes at its draws. Each is one of ten constants, told apart by `index` from 0 to 9: whoever keeps
 * ready answers for an outcome keeps one for each.
 */
export interface Branch {
  readonly index: number;
  readonly to: 'main' | 'fallback' | 'throttled' | 'unit-missing' | 'settled';
  /** Whether a draw or a unit id had a say. */
  readonly drawn: boolean;
}

const ways = ['main', 'fallback', 'throttled', 'unit-missing', 'settled'] as const;
const undrawn = Object.fromEntries(ways.map((to, index) => [to, { index, to, drawn: false }]));
const drawn = Object.fromEntries(ways.map((to, index) => [to, { index: index + ways.length, to, drawn: true }]));

function branch(to: Branch['to'], hasDrawn: boolean): Branch {
  return (hasDrawn ? drawn : undrawn)[to] as Branch;
}

/**
 * Goes the way of `decide`, draw for draw, without writing down why: which branch a request takes now. For answers that
 * are kept ready. Whether the release then serves the request is the same for all who take a branch.
 */
export function branchOf({ query, pinLine, stop, throttle, found }: Outcome, nowMs: number, draw: Draw): Branch {
  const { pin, forced, unit } = query.request;
  if (stop !== undefined || (pin !== undefined && pinLine === undefined)) return branch('settled', false);
  let hasDrawn = false;
  if (throttle !== undefined) {
    if (unit.kind === 'id' && unit.id === '') return branch('unit-missing', true);
    if (throttle.serving > nobody && throttle.serving < everybody) {
      hasDrawn = true;
      const mine = unit.kind === 'id' ? ticket(throttle.salt, unit.id) : draw();
      if (mine >= throttle.serving) return branch('throttled', true);
    } else if (throttle.serving <= nobody) return branch('throttled', false);
  }
  if (found === undefined || found === 'unreadable' || found.rule.release === undefined)
    return branch('settled', hasDrawn);
  if (forced === 'main') return branch('main', hasDrawn);
  const serving = found.servingAt(nowMs);
  if (forced === 'fallback' && serving < everybody) return branch('fallback', hasDrawn);
  if (unit.kind === 'id' && unit.id === '') return branch('unit-missing', true);
  if (serving >= everybody) return branch('main', hasDrawn);
  if (serving <= nobody) return branch('fallback', hasDrawn);
  const mine = unit.kind === 'id' ? ticket(found.rule.salt, unit.id) : draw();
  return branch(mine < serving ? 'main' : 'fallback', true);
}
