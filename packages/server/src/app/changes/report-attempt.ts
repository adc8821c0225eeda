import { backoffMs } from '../../backoff.ts';
import type { Change } from '../../change.ts';
import { type Claim, longestRestMs } from '../../claim.ts';
import { Problem } from '../../problem.ts';
import type { Desk } from './desk.ts';

/** An attempt that failed, in the words of the agent that made it. */
export interface FailedAttempt {
  readonly holder: string;
  readonly problem: NonNullable<Claim['trouble']>['problem'];
  readonly detail: string;
}

/** How long a change rests after an attempt that failed: twice as long each time. */
const range = { leastMs: 10_000, mostMs: longestRestMs } as const;

/**
 * Writes down that an attempt to have a change enacted has failed, and lets the change rest for 5 seconds to 10 minutes. The
 * change itself stays as it is.
 * @param draw from 0 up to 1, so that not all that failed together is attempted together
 * @throws Problem `change-not-open`; `change-claimed` from whoever does not hold the claim
 */
export async function reportAttempt(
  { tx, nowMs }: Pick<Desk, 'tx' | 'nowMs'>,
  change: Pick<Change, 'id' | 'version' | 'state'>,
  { holder, problem, detail }: FailedAttempt,
  draw: () => number,
): Promise<Claim> {
  if (change.state !== 'pending')
    throw new Problem('change-not-open', `change ${change.id} is ${change.state} and is not attempted any more`);
  const [before] = await tx.claims([change.id]);
  if (before?.holder !== holder) {
    const whose = before === undefined ? 'nobody has' : 'another agent has';
    throw new Problem('change-claimed', `${whose} claimed change ${change.id}`);
  }
  const failures = before.version === change.version ? before.failures : 0;
  const claim: Claim = {
    ...before,
    version: change.version,
    untilMs: Math.min(before.untilMs, nowMs),
    failures: failures + 1,
    nextAtMs: nowMs + Math.round(backoffMs(failures, draw, range)),
    trouble: { problem, detail, atMs: nowMs },
  };
  await tx.putClaim(claim);
  return claim;
}
