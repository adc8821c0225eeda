import type { Change } from '../../change.ts';
import type { ChangeView } from '../../notice-app.ts';
import type { Caller, Moment } from '../changes/desk.ts';
import { digestOf } from '../changes/digest-of.ts';
import { approvalsIn } from '../changes/requirements.ts';
import { whoMayVeto } from '../changes/who-may-veto.ts';
import { announcedBy } from './announced-by.ts';
import { mayLook } from './may-look.ts';
import type { ToldStep } from './render-chain.ts';
import { sectionsOf } from './render-sections.ts';
import { type Told, toldOf } from './render-told.ts';
import { wordsOf } from './render-words.ts';

/** What a page shows of a change to somebody. */
export async function viewOf(moment: Moment, change: Change, caller: Caller, origin: string): Promise<ChangeView> {
  const whole = await toldOf(moment, change, { event: eventFor(change) });
  const told = { ...whole, steps: await visibleAmong(moment, caller, whole.steps) };
  const isPending = change.state === 'pending';
  return {
    change: change.id,
    seen: digestOf(change),
    user: caller.principal.name,
    title: `Change ${change.id}: ${told.what}`,
    summary: wordsOf(told).summary,
    sections: sectionsOf(told, origin),
    mayVeto: isPending && (await whoMayVeto(moment, change))(caller),
    roles: isPending ? rolesFor(moment, caller, told) : [],
  };
}

/** The other steps of a chain may lie where somebody sees nothing. */
async function visibleAmong(moment: Moment, caller: Caller, steps: Told['steps']): Promise<Told['steps']> {
  const seen: ToldStep[] = [];
  for (const step of steps) {
    const change = await moment.tx.change(step.change);
    if (change !== undefined && (await mayLook(moment, caller, change))) seen.push(step);
  }
  return seen;
}

/** What is to be said of a change as it is, whatever the notice said of it then. */
function eventFor({ state, condition }: Change): Told['notice']['event'] {
  if (state === 'enacted' || state === 'failed' || state === 'vetoed') return state;
  return announcedBy(condition) === 'clock' ? 'scheduled' : 'armed';
}

function rolesFor({ current }: Moment, { principal }: Caller, { change, facts }: Told): readonly string[] {
  if (principal.kind !== 'user' || change.conflicts.length > 0) return [];
  if (change.signOffs.some(({ user, digest }) => user === principal.name && digest === digestOf(change))) return [];
  const held = current.access.rolesOf(principal);
  const isOwn = change.proposer === `user:${principal.name}`;
  const open = (facts?.required ?? []).filter(
    ({ count, signedBy, ownSignOff }) => signedBy.length < count && (ownSignOff || !isOwn),
  );
  const asked = [...open, ...(isOwn ? [] : approvalsIn(change.condition))].map(({ role }) => role);
  return [...new Set(asked)].filter((role) => held.includes(role));
}
