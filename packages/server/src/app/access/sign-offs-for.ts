import type { PolicyBody } from '../../kinds/policy.ts';
import type { Reach } from '../../reach.ts';
import type { Demand } from './demands-of.ts';
import { placesOverlap } from './places-overlap.ts';

/** So many sign-offs in a role, because these policies ask for it. */
export interface Requirement {
  readonly role: string;
  readonly count: number;
  /** Whether the proposer may be one of those who sign. */
  readonly ownSignOff: boolean;
  /** The names of the policies. */
  readonly policies: readonly string[];
}

export interface NamedPolicy {
  readonly name: string;
  readonly body: PolicyBody;
}

/**
 * Which sign-offs are needed, by role: the most that one of the policies concerned asks for, and the proposer's own only
 * where all of them allow it.
 */
export function signOffsFor(demands: readonly Demand[], policies: readonly NamedPolicy[]): readonly Requirement[] {
  const byRole = new Map<string, Requirement>();
  for (const { name, body } of policies) {
    if (!demands.some((demand) => concerns(body, demand))) continue;
    const { role, signOffs, ownSignOff } = body;
    const before = byRole.get(role) ?? { role, count: 0, ownSignOff: true, policies: [] };
    byRole.set(role, {
      role,
      count: Math.max(before.count, signOffs),
      ownSignOff: before.ownSignOff && ownSignOff,
      policies: [...before.policies, name],
    });
  }
  return [...byRole.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
}

function concerns({ product, channel, role, kinds }: PolicyBody, demand: Demand): boolean {
  if (demand.roles.includes(role)) return true;
  const ofItsKind =
    kinds === undefined || demand.kinds === undefined || demand.kinds.some((kind) => kinds.includes(kind));
  return ofItsKind && demand.reaches.some((reach) => placesOverlap({ product, channel }, reach));
}

/** The roles that policies ask for anywhere in these reaches, whatever the kind. */
export function rolesAskedOver(reaches: readonly Reach[], policies: readonly NamedPolicy[]): readonly string[] {
  return [
    ...new Set(policies.filter(({ body }) => concerns(body, { reaches, roles: [] })).map(({ body }) => body.role)),
  ];
}
