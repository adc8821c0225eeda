import type { AccountBody } from '../../kinds/account-body.ts';
import type { GrantBody } from '../../kinds/grant.ts';
import { actions, type Permission } from '../../permission.ts';
import { type Principal, principalText } from '../../principal.ts';
import type { StoredObject } from '../../store.ts';
import { builtInRole } from './built-in-roles.ts';

/** Who there is, and what grants and roles allow them. */
export interface Accounts {
  isKnown(principal: Principal): boolean;
  /** None where the principal is unknown or disabled. */
  rolesOf(principal: Principal): readonly string[];
  /** The names of enabled users, no service accounts: they cannot sign anything off. */
  holdersOf(role: string): readonly string[];
  permissionsOf(principal: Principal): readonly Permission[];
  permissionsOfRole(role: string): readonly Permission[];
  /** What is granted to an account itself, whether it is enabled or not. */
  grantedTo(principal: Principal): readonly Permission[];
}

const everything: readonly Permission[] = [{ actions }];

/** Reads users, service accounts and grants. */
export function openAccounts(objects: Iterable<StoredObject>): Accounts {
  const accounts = new Map<string, AccountBody>();
  const granted = new Map<string, Permission[]>();
  const holders = new Map<string, string[]>();
  for (const { kind, name, body } of objects) {
    if (kind === 'grant') addTo(granted, granteeOf(body as GrantBody), permissionIn(body as GrantBody));
    if (kind !== 'user' && kind !== 'service-account') continue;
    const account = body as AccountBody;
    accounts.set(principalText({ kind, name }), account);
    if (kind === 'user') for (const role of enabledRoles(account)) addTo(holders, role, name);
  }

  const known = (principal: Principal): AccountBody | undefined => {
    const account = accounts.get(principalText(principal));
    return account?.disabled === true ? undefined : account;
  };
  const rolesOf = (principal: Principal): readonly string[] => known(principal)?.roles ?? [];
  const permissionsOfRole = (role: string): readonly Permission[] =>
    builtInRole(role) ?? granted.get(`role:${role}`) ?? [];
  const grantedTo = (principal: Principal): readonly Permission[] => granted.get(principalText(principal)) ?? [];

  return {
    isKnown: (principal) => principal.kind === 'local' || known(principal) !== undefined,
    rolesOf,
    holdersOf: (role) => [...new Set(holders.get(role))],
    permissionsOf(principal) {
      if (principal.kind === 'local') return everything;
      if (known(principal) === undefined) return [];
      return [...rolesOf(principal).flatMap(permissionsOfRole), ...grantedTo(principal)];
    },
    permissionsOfRole,
    grantedTo,
  };
}

/** The roles that an account can act in; none for one that is disabled or does not exist. */
export function enabledRoles(account: AccountBody | undefined): readonly string[] {
  return account === undefined || account.disabled ? [] : [...new Set(account.roles)];
}

/** What a grant allows, without whom. */
export function permissionIn({ actions: allowed, kinds, products, channels }: GrantBody): Permission {
  return {
    actions: allowed,
    ...(kinds !== undefined && { kinds }),
    ...(products !== undefined && { products }),
    ...(channels !== undefined && { channels }),
  };
}

function granteeOf({ role, user, serviceAccount }: GrantBody): string {
  if (role !== undefined) return `role:${role}`;
  if (user !== undefined) return principalText({ kind: 'user', name: user });
  return principalText({ kind: 'service-account', name: serviceAccount ?? '' });
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
