import type { ImportedObject } from '../../importer.ts';
import { kindNames } from '../../kind.ts';
import type { Mistake } from '../../problem.ts';
import type { RowAt } from './read-table.ts';
import type { PermissionRow, RoleRow } from './rows.ts';
import { type Account, toGrant } from './to-grant.ts';

/** What rows came to. */
export interface Converted {
  readonly objects: readonly ImportedObject[];
  readonly warnings: readonly Mistake[];
}

interface RowsOfOne {
  readonly permissions: RowAt<PermissionRow>[];
  readonly roles: RowAt<RoleRow>[];
}

/** Everybody whom Balrog knows may see everything there but what others may do. */
const seen = kindNames.filter((kind) => !['user', 'service-account', 'grant'].includes(kind));

/** Makes users and their grants of permissions and roles. Who is not called by an e-mail address is taken for a machine. */
export function toPeople(permissions: readonly RowAt<PermissionRow>[], roles: readonly RowAt<RoleRow>[]): Converted {
  const people = new Map<string, RowsOfOne>();
  const rowsOf = (username: string): RowsOfOne => {
    const rows = people.get(username) ?? { permissions: [], roles: [] };
    people.set(username, rows);
    return rows;
  };
  for (const one of permissions) rowsOf(one.row.username).permissions.push(one);
  for (const one of roles) rowsOf(one.row.username).roles.push(one);
  const converted = [...people].map(([username, rows]) => toPerson(username, rows));
  return {
    objects: converted.flatMap(({ objects }) => objects),
    warnings: converted.flatMap(({ warnings }) => warnings),
  };
}

function toPerson(username: string, { permissions, roles }: RowsOfOne): Converted {
  const account = accountOf(username);
  const all = [...permissions, ...roles];
  if (account === undefined) {
    const message = `not taken: nobody can be called ${username} here`;
    return { objects: [], warnings: all.map(({ at }) => ({ at, message })) };
  }
  const granted = permissions.map((one) => toGrant(account, one));
  const grants = granted.flatMap(({ grant }) => grant ?? []);
  const isAdmin = granted.some((one) => one.isAdmin);
  const [first] = all;
  const at = first?.at ?? username;
  const own = { kind: account.kind, name: account.name, at } as const;
  const held = [...(isAdmin ? ['admin'] : []), ...roles.map(({ row }) => row.role)];
  const message = `${username} is no e-mail address and is taken for a service account, which signs nothing off`;
  return {
    objects: [
      { ...own, body: { roles: [...new Set(held)] }, fieldNames: { roles: 'role' } },
      ...(permissions.length > 0 && !isAdmin ? [seeing(account, at)] : []),
      ...grants,
    ],
    warnings: [...(account.kind === 'user' ? [] : [{ at, message }]), ...granted.flatMap(({ warnings }) => warnings)],
  };
}

function accountOf(username: string): Account | undefined {
  if (/^[^@\s]+@[^@\s]+$/.test(username)) return { kind: 'user', name: username.toLowerCase() };
  return /^[a-z0-9-]{1,60}$/.test(username) ? { kind: 'service-account', name: username } : undefined;
}

function seeing({ kind, name }: Account, at: string): ImportedObject {
  const who = kind === 'user' ? { user: name } : { serviceAccount: name };
  return { kind: 'grant', name: `${name}/read`, body: { ...who, actions: ['read'], kinds: seen }, at };
}
