import type { Change } from '../../change.ts';
import { type Claim, longestClaimMs, longestRestMs } from '../../claim.ts';
import { Problem } from '../../problem.ts';
import type { StoreView } from '../../store.ts';
import type { Desk } from './desk.ts';

/** What an agent wants to have for itself. */
export interface ClaimWish {
  /** A text that the agent made up when it started. */
  readonly holder: string;
  /** How long; 0 gives back what it has. */
  readonly seconds: number;
  readonly changes: readonly number[];
  /** Whether nothing is claimed that comes behind a change that another agent has. */
  readonly inOrder: boolean;
}

/** What came of the wish for one change. */
export type ClaimAnswer =
  | { readonly id: number; readonly kind: 'granted'; readonly version: number; readonly untilMs: number }
  /** Another agent has it until then. */
  | { readonly id: number; readonly kind: 'claimed'; readonly untilMs: number }
  /** An attempt has failed, and it rests until then. */
  | { readonly id: number; readonly kind: 'resting'; readonly untilMs: number; readonly failures: number }
  /** It comes behind one that another agent has. */
  | { readonly id: number; readonly kind: 'behind' }
  /** It is not pending any more, or not the caller's to enact. */
  | { readonly id: number; readonly kind: 'gone' };

/** Claims pending changes for an agent, each by itself. `mayEnact` says which of them it may enact. */
export async function claimChanges(
  { tx, nowMs }: Pick<Desk, 'tx' | 'nowMs'>,
  { holder, seconds, changes, inOrder }: ClaimWish,
  mayEnact: (change: Change) => boolean,
): Promise<readonly ClaimAnswer[]> {
  const ids = [...new Set(changes)];
  const claims = new Map((await tx.claims(ids)).map((claim) => [claim.change, claim]));
  const answers: ClaimAnswer[] = [];
  for (const id of ids) {
    if (inOrder && answers.some(({ kind }) => kind === 'claimed')) {
      answers.push({ id, kind: 'behind' });
      continue;
    }
    const change = await tx.change(id);
    if (change?.state !== 'pending' || !mayEnact(change)) {
      answers.push({ id, kind: 'gone' });
      continue;
    }
    const before = claims.get(id);
    const held = claimBy(before, { change: id, version: change.version, holder, untilMs: nowMs + seconds * 1000 });
    const refusal = seconds === 0 ? undefined : refusalOf(before, held, nowMs);
    if (refusal === undefined && (seconds > 0 || before?.holder === holder)) await tx.putClaim(held);
    answers.push(refusal ?? { id, kind: 'granted', version: change.version, untilMs: held.untilMs });
  }
  return answers;
}

/** Failures are those of one version: whoever alters a change may have put it right. */
function claimBy(before: Claim | undefined, now: Pick<Claim, 'change' | 'version' | 'holder' | 'untilMs'>): Claim {
  return before?.version === now.version ? { ...before, ...now } : { ...now, failures: 0, nextAtMs: 0 };
}

function refusalOf(before: Claim | undefined, held: Claim, nowMs: number): ClaimAnswer | undefined {
  const { change: id, failures, nextAtMs } = held;
  if (before !== undefined && before.holder !== held.holder && isAhead(before.untilMs, nowMs, longestClaimMs))
    return { id, kind: 'claimed', untilMs: before.untilMs };
  return isAhead(nextAtMs, nowMs, longestRestMs) ? { id, kind: 'resting', untilMs: nextAtMs, failures } : undefined;
}

/** The claim that counts now, of whoever it is. */
export async function liveClaim(
  view: Pick<StoreView, 'claims'>,
  id: number,
  nowMs: number,
): Promise<Claim | undefined> {
  const [claim] = await view.claims([id]);
  return claim !== undefined && isAhead(claim.untilMs, nowMs, longestClaimMs) ? claim : undefined;
}

/** Whether a moment is still to come, and no further away than it can be. */
function isAhead(untilMs: number, nowMs: number, mostMs: number): boolean {
  return nowMs < untilMs && untilMs <= nowMs + mostMs;
}

/**
 * Keeps agents out of each other's way; people are in nobody's.
 * @throws Problem `change-claimed` for a program where another has claimed the change
 */
export async function refuseClaimed(
  { tx, nowMs, caller }: Pick<Desk, 'tx' | 'nowMs' | 'caller'>,
  change: Pick<Change, 'id' | 'state'>,
  holder: string | undefined,
): Promise<void> {
  if (caller.principal.kind !== 'service-account' || change.state !== 'pending') return;
  const claim = await liveClaim(tx, change.id, nowMs);
  if (claim === undefined || claim.holder === holder) return;
  const until = new Date(claim.untilMs).toISOString();
  const detail = `another agent has claimed change ${change.id} until ${until}`;
  throw new Problem('change-claimed', detail, [], { retryAtMs: claim.untilMs });
}
