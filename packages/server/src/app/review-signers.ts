import type { AccountBody } from '../kinds/account-body.ts';
import type { PolicyBody } from '../kinds/policy.ts';
import { enabledRoles } from './access/accounts.ts';
import { globsOverlap } from './access/glob.ts';
import type { After, ReviewFinding } from './review.ts';

/**
 * Notes policies that a change may meet together with this one and that too few people could sign for: each signs in one role
 * only. Whether some change does meet them all is not looked at.
 */
export function reviewSigners(policy: PolicyBody, after: After): readonly ReviewFinding[] {
  const counts = new Map<string, number>();
  for (const { body } of after.all('policy')) {
    const other = body as PolicyBody;
    if (!meets(policy.product, other.product) || !meets(policy.channel, other.channel)) continue;
    counts.set(other.role, Math.max(counts.get(other.role) ?? 0, other.signOffs));
  }
  if (counts.size < 2) return [];
  const people = after
    .all('user')
    .filter(({ body }) => enabledRoles(body as AccountBody).some((role) => counts.has(role))).length;
  const needed = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (people >= needed) return [];
  const roles = [...counts.keys()].sort().join(', ');
  const message = `a change that meets all policies here needs ${needed} people, as each signs in one role: ${people} hold ${roles}`;
  return [{ path: ['signOffs'], message }];
}

function meets(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || globsOverlap(a, b);
}
