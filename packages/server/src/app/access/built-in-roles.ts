import { actions, type Permission } from '../../permission.ts';

/** Roles that every installation has. What they allow is fixed: a grant cannot name them. */
const builtInRoles: ReadonlyMap<string, readonly Permission[]> = new Map([
  ['admin', [{ actions }]],
  ['agent', [{ actions: ['read-changes', 'report', 'enact'] }]],
  ['viewer', [{ actions: ['read', 'audit'] }]],
]);

/** What a built-in role allows; `undefined` for a role that is none. */
export function builtInRole(name: string): readonly Permission[] | undefined {
  return builtInRoles.get(name);
}
