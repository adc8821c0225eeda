import { admit } from './admission.ts';
import type { Because, Decision, Hold, Invalid, Part, Serve } from './decision.ts';
import { stopFor } from './emergency-stop.ts';
import type { Release, Request, Rule, SuperBlob } from './model.ts';
import { everybody } from './now-serving.ts';
import { type PinLine, pinText, readPin } from './pin.ts';
import { Query } from './query.ts';
import { checkRelease } from './release.ts';
import { findRule } from './rule-index.ts';
import type { ServeCheck } from './serve-check.ts';
import { pinKey, type Snapshot } from './snapshot.ts';
import { throttleFor } from './throttle.ts';
import type { Draw } from './ticket.ts';

/**
 * Decides what a request gets. Pure and total: the same arguments give the same answer, and it never throws.
 *
 * In this order: an emergency stop holds all; a throttle lets background requests pass or holds them; then the first
 * matching rule draws between its release and its fallback; last, the release itself may refuse.
 *
 * @param nowMs the time, for ramps
 * @param draw called anew for each admission that needs a random ticket, so that 25 % of 25 % is 6.25 %
 */
export function decide(snapshot: Snapshot, request: Request, nowMs: number, draw: Draw): Decision {
  const pin = request.pin === undefined ? undefined : readPin(request.pin);
  const context: Context = { snapshot, query: new Query(request), pin, nowMs, draw, nested: false };
  const reasons: Because = { revision: snapshot.revision, drawn: false };
  if (request.pin !== undefined && pin === undefined) return { kind: 'invalid', reason: 'invalid-pin', ...reasons };
  const stop = stopFor(snapshot.stops, context.query);
  if (stop !== undefined) return { kind: 'hold', reason: 'stopped', ...reasons, stop: stop.name };
  const passed = passThrottle(context, reasons);
  return 'kind' in passed ? passed : decideByRules(context, passed);
}

interface Context {
  readonly snapshot: Snapshot;
  readonly query: Query;
  readonly pin: PinLine | undefined;
  readonly nowMs: number;
  readonly draw: Draw;
  /** Whether this is one product of a superblob. */
  readonly nested: boolean;
}

function passThrottle({ snapshot, query, draw }: Context, reasons: Because): Because | Hold {
  const { forced, unit } = query.request;
  if (forced === 'main') return reasons;
  const throttle = throttleFor(snapshot.throttles, query);
  if (throttle === undefined) return reasons;
  const admission = admit(throttle.serving, throttle.salt, unit, draw);
  if (admission === undefined) return { kind: 'hold', reason: 'unit-missing', ...reasons, drawn: true };
  const { name, percent } = throttle;
  const drawn = reasons.drawn || admission.ticket !== undefined;
  const because = { ...reasons, drawn, throttle: { name, percent, ...admission } };
  return admission.admitted ? because : { kind: 'hold', reason: 'throttled', ...because };
}

function decideByRules(context: Context, before: Because): Decision {
  const found = findRule(context.snapshot.rules, context.query);
  if (found.kind === 'none') return { kind: 'hold', reason: 'no-rule', ...before };
  if (found.kind === 'unreadable') return { kind: 'invalid', reason: 'invalid-version', ...before };
  const { rule, version, servingAt } = found.compiled;
  const reasons: Because = { ...before, rule: { id: rule.id, version, priority: rule.priority } };
  if (rule.release === undefined) return { kind: 'hold', reason: 'no-release', ...reasons };

  const { forced, unit } = context.query.request;
  if (forced === 'main') return serveRelease(context, rule, 'main', reasons);
  const serving = servingAt(context.nowMs);
  if (forced === 'fallback' && serving < everybody) return serveFallback(context, rule, reasons);
  const share = admit(serving, rule.salt, unit, context.draw);
  if (share === undefined) return { kind: 'hold', reason: 'unit-missing', ...reasons, drawn: true };
  const because = { ...reasons, share, drawn: reasons.drawn || share.ticket !== undefined };
  return share.admitted ? serveRelease(context, rule, 'main', because) : serveFallback(context, rule, because);
}

function serveFallback(context: Context, rule: Rule, reasons: Because): Decision {
  if (rule.fallback === undefined) return { kind: 'hold', reason: 'outside-share', ...reasons };
  return serveRelease(context, rule, 'fallback', reasons);
}

function serveRelease(context: Context, rule: Rule, admitted: Serve['admitted'], before: Because): Decision {
  const name = (admitted === 'main' ? rule.release : rule.fallback) ?? '';
  const found = context.snapshot.releases.get(name);
  const reasons = { ...before, candidate: name };
  if (found === undefined) return { kind: 'hold', reason: 'release-missing', ...reasons };
  const check = checkRelease(found, context.query, context.pin);
  if (check === 'beyond-pin') return servePinned(context, rule, admitted, found, reasons);
  return refusal(check, reasons) ?? serve(context, rule, admitted, found, reasons);
}

/** A pin that nobody knows has no effect, so that a mistyped one does not keep a client from its updates. */
function servePinned(
  context: Context,
  rule: Rule,
  admitted: Serve['admitted'],
  newest: Release,
  before: Because,
): Decision {
  const { query, snapshot, pin } = context;
  const line = pin === undefined ? '' : pinText(pin);
  const name = snapshot.pins.get(pinKey(query.request.product, query.fallbackChannel, line));
  const reasons = { ...before, pin: { line, release: name } };
  if (name === undefined) return serve(context, rule, admitted, newest, reasons);
  const release = snapshot.releases.get(name);
  if (release === undefined) return { kind: 'hold', reason: 'release-missing', ...reasons, candidate: name };
  const pinned = { ...reasons, candidate: name };
  return refusal(checkRelease(release, query, pin), pinned) ?? serve(context, rule, admitted, release, pinned);
}

function refusal(check: ServeCheck, reasons: Because): Hold | Invalid | undefined {
  switch (check) {
    case 'serves':
    case 'beyond-pin':
      return undefined;
    case 'invalid-version':
    case 'unknown-platform':
    case 'unknown-locale':
      return { kind: 'invalid', reason: check, ...reasons };
    default:
      return { kind: 'hold', reason: check, ...reasons };
  }
}

function serve(
  context: Context,
  rule: Rule,
  admitted: Serve['admitted'],
  release: Release,
  reasons: Because,
): Serve {
  const { updateType } = rule;
  const answer = { kind: 'serve', ...reasons, release, updateType, admitted } as const;
  if (release.blob.schema_version !== 4000) {
    return { ...answer, parts: [{ product: context.query.request.product, release, updateType }] };
  }
  // A superblob inside a superblob stands for nothing: following it could go round in circles.
  if (context.nested) return { ...answer, parts: [] };
  if (release.blob.products === undefined) {
    return { ...answer, parts: namedParts(context.snapshot, release.blob, updateType) };
  }
  const products = release.blob.products.map((product) => ({ product, decision: decideProduct(context, product) }));
  return {
    ...answer,
    drawn: reasons.drawn || products.some(({ decision }) => decision.drawn),
    parts: products.flatMap(({ decision }) => (decision.kind === 'serve' ? decision.parts : [])),
    products,
  };
}

function namedParts({ releases }: Snapshot, { blobs = [] }: SuperBlob, updateType: Part['updateType']): Part[] {
  return blobs.flatMap((name) => {
    const release = releases.get(name);
    return release === undefined ? [] : [{ product: release.product, release, updateType }];
  });
}

/** One product of a superblob: its own stops, rules and draws, but no throttle, which the whole answer has passed. */
function decideProduct(context: Context, product: string): Decision {
  const query = new Query({ ...context.query.request, product });
  const reasons: Because = { revision: context.snapshot.revision, drawn: false };
  const stop = stopFor(context.snapshot.stops, query);
  if (stop !== undefined) return { kind: 'hold', reason: 'stopped', ...reasons, stop: stop.name };
  return decideByRules({ ...context, query, nested: true }, reasons);
}
