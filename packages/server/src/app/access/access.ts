import type { KindName } from '../../kind.ts';
import type { PolicyBody } from '../../kinds/policy.ts';
import type { Action, Permission, Scope } from '../../permission.ts';
import type { Principal } from '../../principal.ts';
import type { Reach } from '../../reach.ts';
import type { StoredObject } from '../../store.ts';
import { openAccounts } from './accounts.ts';
import { allows, covers, isFor } from './covers.ts';
import { type Demand, demandsOf, type SignOffContext } from './demands-of.ts';
import { lacksFor, notHad } from './lacks-for.ts';
import { type ObjectEdit, reachesOfBody } from './object-edit.ts';
import { type NamedPolicy, type Requirement, rolesAskedOver, signOffsFor } from './sign-offs-for.ts';
import type { Target } from './target.ts';

export type { ObjectEdit, Requirement, SignOffContext };

/** Who may do what, and whose consent it needs, by the users, grants and policies of one moment. */
export interface Access {
  /** Whether there is such a user or service account that is not disabled. Whoever is `local` is known. */
  isKnown(principal: Principal): boolean;
  rolesOf(principal: Principal): readonly string[];
  /** The names of the enabled users who hold a role. */
  holdersOf(role: string): readonly string[];
  permissionsOf(principal: Principal): readonly Permission[];
  /** Without a target: whether the action is allowed at all, somewhere. */
  may(principal: Principal, action: Action, target?: Target, scopes?: readonly Scope[]): boolean;
  /** What is missing for somebody to make these edits, each in words; empty where they may. */
  mayEdit(principal: Principal, edits: readonly ObjectEdit[], scopes?: readonly Scope[]): readonly string[];
  /** What somebody lacks of permissions, each in words: nobody can act for who may do more. */
  lacksOf(principal: Principal, permissions: readonly Permission[], scopes?: readonly Scope[]): readonly string[];
  /** What an object reaches: nothing where there is none, everything where its body cannot be read. */
  reachOf(kind: KindName, body: unknown): readonly Reach[];
  /** Which sign-offs edits need, by role. */
  signOffsFor(edits: readonly ObjectEdit[], context: SignOffContext): readonly Requirement[];
  /** Whether somebody holds a role that policies ask for in one of these reaches. */
  isSignerOver(principal: Principal, reaches: readonly Reach[]): boolean;
}

/** Reads all living objects once. The bodies of releases and of other configuration are not needed. */
export function openAccess(objects: Iterable<StoredObject>): Access {
  const all = [...objects];
  const accounts = openAccounts(all);
  const policies = all
    .filter(({ kind }) => kind === 'policy')
    .map(({ name, body }): NamedPolicy => ({ name, body: body as PolicyBody }));

  const may: Access['may'] = (principal, action, target, scopes) => {
    if (scopes !== undefined && !allows(scopes, action)) return false;
    const held = accounts.permissionsOf(principal).filter(({ actions }) => allows(actions, action));
    if (target === undefined) return held.length > 0;
    const forKind = held.filter((permission) => isFor(permission, target.kind));
    return (
      forKind.length > 0 && target.reaches.every((reach) => forKind.some((permission) => covers(permission, reach)))
    );
  };

  return {
    isKnown: accounts.isKnown,
    rolesOf: accounts.rolesOf,
    holdersOf: accounts.holdersOf,
    permissionsOf: accounts.permissionsOf,
    may,
    reachOf: reachesOfBody,
    lacksOf: (principal, permissions, scopes) =>
      permissions.flatMap((one) => notHad(one, (action, target) => may(principal, action, target, scopes))),
    mayEdit: (principal, edits, scopes) =>
      edits.flatMap((edit) => lacksFor(edit, accounts, (action, target) => may(principal, action, target, scopes))),
    signOffsFor: (edits, context) =>
      signOffsFor(
        edits.flatMap((edit): readonly Demand[] => demandsOf(edit, accounts, context)),
        policies,
      ),
    isSignerOver: (principal, reaches) => {
      const asked = rolesAskedOver(reaches, policies);
      return accounts.rolesOf(principal).some((role) => asked.includes(role));
    },
  };
}
