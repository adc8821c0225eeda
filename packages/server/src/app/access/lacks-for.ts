import { kindNames } from '../../kind.ts';
import type { Action, Permission } from '../../permission.ts';
import type { Reach } from '../../reach.ts';
import type { Accounts } from './accounts.ts';
import { type ObjectEdit, reachesOf } from './object-edit.ts';
import { powerMoved } from './power-moved.ts';
import { reachesOfPermission } from './reaches-of-permission.ts';
import type { Target } from './target.ts';

/** How many places are named in one sentence. */
const mostTold = 10;

type May = (action: Action, target: Target) => boolean;

/**
 * What somebody lacks for an edit, each in words: the action on all that the object reaches before and after, and, as nobody
 * can hand out what they do not have, every permission that somebody else would gain by it.
 */
export function lacksFor(edit: ObjectEdit, accounts: Accounts, may: May): readonly string[] {
  const { kind, name } = edit;
  const reaches = reachesOf(edit);
  const action = actionOf(edit);
  const allowed = may(action, { kind, reaches }) || (isStop(edit) && may('stop', { kind, reaches }));
  const missing = allowed ? [] : [`${action} of ${kind} ${name}${placesOf(reaches)}`];
  const handedOut = powerMoved(edit, accounts).gained.permissions.flatMap((permission) => notHad(permission, may));
  return [...missing, ...new Set(handedOut.map((lack) => `${lack}, which ${kind} ${name} would hand out`))];
}

function actionOf({ before, after }: ObjectEdit): 'create' | 'update' | 'delete' {
  if (before === undefined) return 'create';
  return after === undefined ? 'delete' : 'update';
}

function isStop({ kind, before }: ObjectEdit): boolean {
  return kind === 'emergency-stop' && before === undefined;
}

/** What of a permission somebody does not have, each in words. */
export function notHad(permission: Permission, may: May): readonly string[] {
  const reaches = reachesOfPermission(permission);
  return permission.actions
    .filter((action) => (permission.kinds ?? kindNames).some((kind) => !may(action, { kind, reaches })))
    .map((action) => `${action} of ${permission.kinds?.join(', ') ?? 'all kinds'}${placesOf(reaches)}`);
}

function placesOf(reaches: readonly Reach[]): string {
  const places = [
    ...new Set(
      reaches.map(({ product = 'all products', channel }) =>
        channel === undefined ? product : `${product}/${channel}`,
      ),
    ),
  ];
  const more = places.length > mostTold ? ` and ${places.length - mostTold} more` : '';
  return places.length === 0 ? '' : ` in ${places.slice(0, mostTold).join(', ')}${more}`;
}
