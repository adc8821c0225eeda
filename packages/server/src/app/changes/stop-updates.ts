import type { Change } from '../../change.ts';
import { type EmergencyStopBody, emergencyStop } from '../../kinds/emergency-stop.ts';
import { principalText } from '../../principal.ts';
import { Problem, problemOf } from '../../problem.ts';
import { reviewStop } from '../review-stop.ts';
import type { Acted } from './acted.ts';
import { changeReaches } from './change-reaches.ts';
import type { Desk } from './desk.ts';
import { enactIfReady } from './enact-change.ts';
import { contentOf } from './propose-change.ts';
import { workOut } from './work-out.ts';

/** What became of a call to stop: `change` is absent where that was stopped already. */
export interface Stopped {
  readonly name: string;
  readonly revision: number;
  readonly acted?: Acted;
}

/**
 * Stops a product, narrowed by what else is given, at once and without a sign-off. Stopping what is stopped changes nothing.
 * @throws Problem `not-allowed`; `invalid-object` for a channel that no client has
 */
export async function stopUpdates(desk: Desk, stop: EmergencyStopBody, reason: string): Promise<Stopped> {
  const { current, caller, tx, nowMs } = desk;
  const reaches = emergencyStop.reachOf(stop);
  if (!current.access.may(caller.principal, 'stop', { kind: 'emergency-stop', reaches }, caller.scopes)) {
    const what = [stop.product, stop.channel].filter((one) => one !== undefined).join('/');
    throw new Problem('not-allowed', `${caller.principal.name} may not stop ${what}`);
  }
  refuseIdle(stop);
  const name = emergencyStop.nameOf?.(stop) ?? '';
  const standing = current.get('emergency-stop', name);
  if (standing !== undefined) return { name, revision: current.mark.revision };
  const edits = [{ kind: 'emergency-stop', name, expectedVersion: 0, op: 'put', body: stop }] as const;
  const worked = await workOut(desk, { edits, acceptsDoubts: true });
  const change: Change = {
    id: await tx.nextChangeId(),
    version: 1,
    state: 'pending',
    reason,
    proposer: principalText(caller.principal),
    priority: 0,
    condition: { now: true },
    edits,
    signOffs: [],
    conflicts: [],
    reaches: changeReaches(worked.objects),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    acceptsDoubts: true,
  };
  const { proposer: actor, id } = change;
  await tx.append({ atMs: nowMs, actor, action: 'change.proposed', change: id, detail: contentOf(change) });
  const acted = await enactIfReady(desk, change, worked);
  return { name, revision: acted.change.end?.revision ?? current.mark.revision, acted };
}

/** Nobody may be told that something has stopped by what holds nothing. */
function refuseIdle(stop: EmergencyStopBody): void {
  const idle = reviewStop(stop).filter(({ path }) => path[0] === 'channel');
  if (idle.length === 0) return;
  throw problemOf(
    'invalid-object',
    idle.map(({ message }) => ({ at: 'channel', message })),
  );
}
