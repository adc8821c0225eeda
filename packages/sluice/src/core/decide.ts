import { admit } from './admission.ts';
import type { SuperBlob } from './blob.ts';
import type { Decision, Hold, Invalid, Part, Serve } from './decision.ts';
import { Deliberation } from './deliberation.ts';
import type { Release, Request, Rule } from './model.ts';
import { everybody } from './now-serving.ts';
import { nestedOutcome, type Outcome, outcomeOf } from './outcome.ts';
import { pinText } from './pin.ts';
import { checkRelease } from './release.ts';
import type { ServeCheck } from './serve-check.ts';
import { pinKey, type Snapshot } from './snapshot.ts';
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
  return decideOutcome(outcomeOf(snapshot, request), nowMs, draw);
}

/** Decides what a request gets whose outcome is known. */
export function decideOutcome(outcome: Outcome, nowMs: number, draw: Draw): Decision {
  const matter = new Deliberation(outcome, nowMs, draw);
  if (outcome.query.request.pin !== undefined && outcome.pinLine === undefined) return matter.reject('invalid-pin');
  return holdByStop(matter) ?? holdByThrottle(matter) ?? decideByRules(matter);
}

function holdByStop(matter: Deliberation): Hold | undefined {
  const { stop } = matter.outcome;
  if (stop === undefined) return undefined;
  matter.stop = stop.name;
  return matter.hold('stopped');
}

function holdByThrottle(matter: Deliberation): Hold | undefined {
  const { throttle, query } = matter.outcome;
  if (throttle === undefined) return undefined;
  const admission = admit(throttle.serving, throttle.salt, query.request.unit, matter.draw);
  if (admission === undefined) return holdWithoutUnit(matter);
  matter.throttle = { name: throttle.name, percent: throttle.percent, ...admission };
  if (admission.ticket !== undefined) matter.drawn = true;
  return admission.admitted ? undefined : matter.hold('throttled');
}

function holdWithoutUnit(matter: Deliberation): Hold {
  matter.drawn = true;
  return matter.hold('unit-missing');
}

function decideByRules(matter: Deliberation): Decision {
  const { found, query } = matter.outcome;
  if (found === undefined) return matter.hold('no-rule');
  if (found === 'unreadable') return matter.reject('invalid-version');
  const { rule, version, servingAt } = found;
  matter.rule = { id: rule.id, version, priority: rule.priority };
  if (rule.release === undefined) return matter.hold('no-release');

  const { forced, unit } = query.request;
  if (forced === 'main') return serveByName(matter, rule, 'main');
  const serving = servingAt(matter.nowMs);
  if (forced === 'fallback' && serving < everybody) return serveFallback(matter, rule);
  const share = admit(serving, rule.salt, unit, matter.draw);
  if (share === undefined) return holdWithoutUnit(matter);
  matter.share = share;
  if (share.ticket !== undefined) matter.drawn = true;
  return share.admitted ? serveByName(matter, rule, 'main') : serveFallback(matter, rule);
}

function serveFallback(matter: Deliberation, rule: Rule): Decision {
  return rule.fallback === undefined ? matter.hold('outside-share') : serveByName(matter, rule, 'fallback');
}

function serveByName(matter: Deliberation, rule: Rule, admitted: Serve['admitted']): Decision {
  const name = (admitted === 'main' ? rule.release : rule.fallback) ?? '';
  matter.candidate = name;
  const release = matter.outcome.snapshot.releases.get(name);
  if (release === undefined) return matter.hold('release-missing');
  const check = checkRelease(release, matter.outcome.query, matter.outcome.pinLine);
  if (check === 'serves') return serve(matter, rule, admitted, release);
  if (check === 'beyond-pin') return servePinned(matter, rule, admitted, release);
  return refuse(matter, check);
}

/** A pin that nobody knows has no effect, so that a mistyped one does not keep a client from its updates. */
function servePinned(matter: Deliberation, rule: Rule, admitted: Serve['admitted'], newest: Release): Decision {
  const { query, snapshot, pinLine } = matter.outcome;
  const line = pinLine === undefined ? '' : pinText(pinLine);
  const name = snapshot.pins.get(pinKey(query.request.product, query.fallbackChannel, line));
  matter.pin = { line, release: name };
  if (name === undefined) return serve(matter, rule, admitted, newest);
  matter.candidate = name;
  const release = snapshot.releases.get(name);
  if (release === undefined) return matter.hold('release-missing');
  const check = checkRelease(release, query, pinLine);
  const serves = check === 'serves' || check === 'beyond-pin';
  return serves ? serve(matter, rule, admitted, release) : refuse(matter, check);
}

function refuse(matter: Deliberation, check: Exclude<ServeCheck, 'serves' | 'beyond-pin'>): Hold | Invalid {
  switch (check) {
    case 'invalid-version':
    case 'unknown-platform':
    case 'unknown-locale':
      return matter.reject(check);
    default:
      return matter.hold(check);
  }
}

function serve(matter: Deliberation, rule: Rule, admitted: Serve['admitted'], release: Release): Serve {
  const { blob } = release;
  if (blob.schema_version !== 4000) {
    const part: Part = { product: matter.outcome.query.request.product, release, updateType: rule.updateType };
    return matter.serve(release, rule, admitted, [part]);
  }
  // A superblob inside a superblob stands for nothing: following it could go round in circles.
  if (matter.outcome.nested) return matter.serve(release, rule, admitted, []);
  if (blob.products === undefined)
    return matter.serve(release, rule, admitted, namedParts(matter.outcome.snapshot, blob, rule));
  const products = blob.products.map((product) => ({ product, decision: decideProduct(matter, product) }));
  if (products.some(({ decision }) => decision.drawn)) matter.drawn = true;
  const parts = products.flatMap(({ decision }) => (decision.kind === 'serve' ? decision.parts : []));
  return matter.serve(release, rule, admitted, parts, products);
}

function namedParts({ releases }: Snapshot, { blobs = [] }: SuperBlob, { updateType }: Rule): Part[] {
  return blobs.flatMap((name) => {
    const release = releases.get(name);
    return release === undefined ? [] : [{ product: release.product, release, updateType }];
  });
}

/** One product of a superblob: its own stops, rules and draws. */
function decideProduct({ outcome, nowMs, draw }: Deliberation, product: string): Decision {
  const matter = new Deliberation(nestedOutcome(outcome, product), nowMs, draw);
  return holdByStop(matter) ?? decideByRules(matter);
}
