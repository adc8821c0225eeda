import type { AccountBody } from '../../kinds/account-body.ts';
import type { GrantBody } from '../../kinds/grant.ts';
import type { Permission } from '../../permission.ts';
import { type Accounts, enabledRoles, permissionIn } from './accounts.ts';
import { type ObjectEdit, saysTheSame, settle } from './object-edit.ts';

/** What an edit to an account or a grant gives to somebody, and what it takes away. */
export interface PowerMoved {
  readonly gained: Power;
  readonly lost: Power;
}

export interface Power {
  readonly roles: readonly string[];
  readonly permissions: readonly Permission[];
}

const none: Power = { roles: [], permissions: [] };

/** Works out what an edit means for who may do what. An edit to anything but an account or a grant moves nothing. */
export function powerMoved({ kind, name, ...bodies }: ObjectEdit, accounts: Accounts): PowerMoved {
  // What does not fit its kind gives nobody anything.
  const [before, after] = [settle(kind, bodies.before) ?? undefined, settle(kind, bodies.after) ?? undefined];
  if (kind === 'grant') {
    if (saysTheSame(before, after)) return { gained: none, lost: none };
    return { gained: grantPower(after), lost: grantPower(before) };
  }
  if (kind !== 'user' && kind !== 'service-account') return { gained: none, lost: none };
  const [was, is] = [before as AccountBody | undefined, after as AccountBody | undefined];
  const [had, has] = [enabledRoles(was), enabledRoles(is)];
  const own = accounts.grantedTo({ kind, name });
  const [acted, acts] = [canAct(was), canAct(is)];
  const powerOf = (roles: readonly string[], withOwn: boolean): Power => ({
    roles,
    permissions: [...roles.flatMap(accounts.permissionsOfRole), ...(withOwn ? own : [])],
  });
  return {
    gained: powerOf(without(has, had), acts && !acted),
    lost: powerOf(without(had, has), acted && !acts),
  };
}

function grantPower(body: unknown): Power {
  return body === undefined ? none : { roles: [], permissions: [permissionIn(body as GrantBody)] };
}

function canAct(account: AccountBody | undefined): boolean {
  return account !== undefined && !account.disabled;
}

function without(roles: readonly string[], others: readonly string[]): readonly string[] {
  return roles.filter((role) => !others.includes(role));
}
