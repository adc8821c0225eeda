import type { Change, ChangeEdit } from '../../change.ts';
import { principalText, readPrincipal } from '../../principal.ts';
import { Problem } from '../../problem.ts';
import { reachesOfBody } from '../access/object-edit.ts';
import { isPast } from '../conditions/due-time.ts';
import { isImmediate } from '../conditions/is-immediate.ts';
import { type Announcement, refuseUnannounced } from '../notices/refuse-unannounced.ts';
import { toldSinceMs } from '../notices/told-since-ms.ts';
import { forgetAltered } from '../readings/forget-altered.ts';
import type { Acted } from './acted.ts';
import type { Desk } from './desk.ts';
import { followChain } from './follow-chain.ts';
import { judge } from './judge.ts';
import { judgedEvidence } from './judged-evidence.ts';
import { keepChange } from './keep-change.ts';
import { lacking } from './lacking.ts';
import { rebaseOthers } from './rebase-others.ts';
import { refuseFrozen } from './refuse-frozen.ts';
import { isSigned, type RoleState, requirementsOf } from './requirements.ts';
import { touchedObjects } from './touched-objects.ts';
import { stateAfter } from './transitions.ts';
import { waitingFor } from './waiting-for.ts';
import { type WorkedOut, workOut } from './work-out.ts';

/**
 * Makes a change's edits real, once. Everything is checked again: its state, the versions, the sign-offs, the proposer's
 * permissions, the condition. A change that was enacted before is answered as it is.
 *
 * @throws Problem `change-not-open`, `change-in-conflict`, `sign-offs-missing`, `change-not-due`, `frozen`,
 * `notice-missing`; the change stays as it was.
 */
export async function enactChange(desk: Desk, change: Change): Promise<Acted> {
  if (change.state === 'enacted') return { change, warnings: [] };
  if (stateAfter('enact', change.state) === undefined) {
    throw new Problem('change-not-open', `change ${change.id} is ${change.state} and cannot be enacted`);
  }
  if (isPast(change.condition, desk.nowMs))
    return fail(desk, change, new Problem('change-not-due', 'its time has passed'));
  refuseConflict(change);
  const worked = await workedOut(desk, change);
  const objects = worked instanceof Problem ? await touchedObjects(desk, change) : worked.objects;
  const roles = await requirementsOf(desk, change, objects);
  refuseUnsigned(change, roles);
  const judgement = await judge(desk, change, roles, await toldSinceMs(desk.tx, change));
  if (judgement.truth !== 'true') {
    const said = `the condition of change ${change.id} is ${judgement.truth}`;
    throw new Problem('change-not-due', `${said}: it waits for ${waitingFor(change.condition, judgement)}`);
  }
  const warnings = refuseFrozen(desk, change, objects);
  // Before its time nobody knows whether it will fit then.
  if (worked instanceof Problem) return fail(desk, change, worked);
  const announced = await refuseUnannounced(desk, change, objects, judgement);
  const evidence = isImmediate(change.condition) ? undefined : judgedEvidence(judgement);
  const acted = await enactNow(desk, change, worked, roles, { evidence, announced });
  return { ...acted, warnings: [...acted.warnings, ...warnings] };
}

async function workedOut(desk: Desk, change: Change): Promise<WorkedOut | Problem> {
  try {
    return await workOut(desk, change);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Enacts a pending change at once when it waits for nothing but people and they have all signed; else writes it as it is. */
export async function enactIfReady(desk: Desk, change: Change, worked: WorkedOut): Promise<Acted> {
  const waits = { change, warnings: worked.warnings };
  const keep = async (): Promise<Acted> => {
    await keepChange(desk, change);
    return waits;
  };
  if (change.state !== 'pending' || change.conflicts.length > 0 || !isImmediate(change.condition)) return keep();
  const roles = await requirementsOf(desk, change, worked.objects);
  if (!isSigned(roles) || (await judge(desk, change, roles)).truth !== 'true') return keep();
  return enactNow(desk, change, worked, roles);
}

function refuseConflict({ id, conflicts: [conflict] }: Change): void {
  if (conflict === undefined) return;
  const { kind, name, paths, change: other } = conflict;
  const by = other === undefined ? 'what was done since' : `change ${other}`;
  const parts = paths.filter((path) => path !== '').join(', ');
  const what = `${parts === '' ? '' : `${parts} of `}${kind} ${name}`;
  throw new Problem('change-in-conflict', `change ${id} and ${by} both alter ${what}: edit it, or veto it`);
}

function refuseUnsigned({ id }: Change, roles: readonly RoleState[]): void {
  const missing = roles.filter(({ count, signedBy }) => signedBy.length < count);
  if (missing.length === 0) return;
  const has = missing
    .map(({ role, count, signedBy }) => `${signedBy.length} of ${count} sign-offs as ${role}`)
    .join(', ');
  const mistakes = missing.map(({ role, count, signedBy, policies }) => ({
    at: `role ${role}`,
    message: `${signedBy.length} of ${count} sign-offs, wanted by policy ${policies.join(', ')}`,
  }));
  throw new Problem('sign-offs-missing', `change ${id} has ${has}`, mistakes);
}

/** What an enactment rests on besides sign-offs. */
interface Grounds {
  readonly evidence?: readonly object[] | undefined;
  readonly announced?: Announcement | undefined;
}

async function enactNow(
  desk: Desk,
  change: Change,
  worked: WorkedOut,
  roles: readonly RoleState[],
  { evidence, announced }: Grounds = {},
): Promise<Acted> {
  const { tx, current, caller, nowMs } = desk;
  const proposer = readPrincipal(change.proposer);
  const missing = current.access.mayEdit(proposer, worked.objects);
  // A stop is free to whoever may stop, which is another permission than to create what stops.
  if (missing.length > 0 && !isAllowedStop(desk, change, worked)) {
    return fail(desk, change, lacking(`${proposer.name}, who proposed it, lacks `, missing));
  }
  const note = { atMs: nowMs, author: change.proposer, reason: change.reason };
  const { revision, versions, digest } = await tx.commit(worked.edits, note);
  const made = new Map(versions.map(({ kind, name, version }) => [`${kind}/${name}`, version]));
  const by = principalText(caller.principal);
  const enacted: Change = {
    ...change,
    version: change.version + 1,
    state: 'enacted',
    edits: change.edits.map((edit) => madeEdit(edit, made.get(`${edit.kind}/${edit.name}`))),
    conflicts: [],
    updatedAtMs: nowMs,
    end: { by, atMs: nowMs, reason: '', revision },
  };
  await keepChange(desk, enacted);
  const commit = versions.length === 0 ? undefined : { revision, digest };
  await tx.append({
    atMs: nowMs,
    actor: by,
    action: 'change.enacted',
    change: change.id,
    detail: {
      proposer: change.proposer,
      condition: change.condition,
      signOffs: change.signOffs,
      required: roles,
      ...(evidence !== undefined && { evidence }),
      ...(announced !== undefined && { announced }),
      objects: versions.map(({ kind, name, version }) => ({ kind, name, version })),
      ...(commit !== undefined && { commit }),
    },
  });
  await forgetAltered(desk, versions);
  await rebaseOthers(desk, change.id, worked.objects, versions);
  await followChain(desk, enacted);
  return { change: enacted, warnings: worked.warnings };
}

function isAllowedStop({ current }: Desk, { proposer }: Change, { objects }: WorkedOut): boolean {
  return objects.every(
    ({ kind, before, after }) =>
      kind === 'emergency-stop' &&
      before === undefined &&
      current.access.may(readPrincipal(proposer), 'stop', { kind, reaches: reachesOfBody(kind, after) }),
  );
}

/** What was put is kept by the version that was made; once is enough. */
function madeEdit(edit: ChangeEdit, madeVersion: number | undefined): ChangeEdit {
  if (madeVersion === undefined) return edit;
  if (edit.op !== 'put') return { ...edit, madeVersion };
  const { body: _, ...rest } = edit;
  return { ...rest, madeVersion };
}

async function fail(desk: Desk, change: Change, problem: Problem): Promise<Acted> {
  const by = principalText(desk.caller.principal);
  const failed: Change = {
    ...change,
    version: change.version + 1,
    state: 'failed',
    updatedAtMs: desk.nowMs,
    end: { by, atMs: desk.nowMs, reason: problem.message },
  };
  await keepChange(desk, failed);
  const { code, detail, mistakes } = problem;
  await desk.tx.append({
    atMs: desk.nowMs,
    actor: by,
    action: 'change.failed',
    change: change.id,
    detail: { problem: code, detail, mistakes },
  });
  await followChain(desk, failed);
  return { change: failed, problem, warnings: [] };
}
