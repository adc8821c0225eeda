import type {
  Admission,
  Because,
  Decision,
  Hold,
  HoldReason,
  Invalid,
  MatchedRule,
  Part,
  Serve,
  ThrottleAdmission,
} from './decision.ts';
import type { Release, Rule } from './model.ts';
import type { Outcome } from './outcome.ts';
import type { Draw } from './ticket.ts';

/** What one decision is made from, and what has been found on the way to it. It ends in exactly one decision. */
export class Deliberation implements Because {
  readonly outcome: Outcome;
  readonly nowMs: number;
  readonly draw: Draw;

  stop: string | undefined = undefined;
  throttle: ThrottleAdmission | undefined = undefined;
  rule: MatchedRule | undefined = undefined;
  share: Admission | undefined = undefined;
  pin: Because['pin'] = undefined;
  candidate: string | undefined = undefined;
  drawn = false;

  constructor(outcome: Outcome, nowMs: number, draw: Draw) {
    this.outcome = outcome;
    this.nowMs = nowMs;
    this.draw = draw;
  }

  get revision(): number {
    return this.outcome.snapshot.revision;
  }

  // The fields are written out, not spread: every request makes one of these objects.

  hold(reason: HoldReason): Hold {
    const { revision, stop, throttle, rule, share, pin, candidate, drawn } = this;
    return { kind: 'hold', reason, revision, stop, throttle, rule, share, pin, candidate, drawn };
  }

  reject(reason: Invalid['reason']): Invalid {
    const { revision, stop, throttle, rule, share, pin, candidate, drawn } = this;
    return { kind: 'invalid', reason, revision, stop, throttle, rule, share, pin, candidate, drawn };
  }

  serve(
    release: Release,
    { updateType }: Rule,
    admitted: Serve['admitted'],
    parts: readonly Part[],
    products?: readonly { readonly product: string; readonly decision: Decision }[],
  ): Serve {
    const { revision, stop, throttle, rule, share, pin, candidate, drawn } = this;
    const because = { revision, stop, throttle, rule, share, pin, candidate, drawn, products };
    return { kind: 'serve', release, updateType, admitted, parts, ...because };
  }
}
