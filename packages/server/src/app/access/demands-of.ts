import { isDeepStrictEqual } from 'node:util';
import type { KindName } from '../../kind.ts';
import type { Reach } from '../../reach.ts';
import type { Accounts } from './accounts.ts';
import { type ObjectEdit, reachesOf, reachesOfBody, saysTheSame, settle } from './object-edit.ts';
import { powerMoved } from './power-moved.ts';
import { reachesOfPermission } from './reaches-of-permission.ts';

/** A rule or a pin, live or pending, that leads to a release. */
export interface Lead {
  readonly kind: KindName;
  readonly body: unknown;
}

/** What has to be known of the rest to say which sign-offs a change needs. */
export interface SignOffContext {
  /** The rules and pins, live or pending, that lead to a release, by themselves or over a release that stands for it. */
  rulesNaming(release: string): readonly Lead[];
  /** Whether the edits are to be made later: also those that would alter nothing now are then asked about. */
  readonly isLater?: boolean;
}

/** What an edit touches, for policies to say whether it concerns them. */
export interface Demand {
  /** Policies for one of these kinds, or for all kinds, are concerned; absent where all are, whatever kinds they name. */
  readonly kinds?: readonly KindName[];
  readonly reaches: readonly Reach[];
  /** Policies that ask for one of these roles are concerned wherever they reach. */
  readonly roles: readonly string[];
}

/** Actions that alter neither what clients get nor who may alter it. */
const harmless: readonly string[] = ['read', 'read-changes', 'audit'];

/**
 * What of an edit policies are asked about.
 *
 * - Of configuration: its kind, and all that the object reaches before and after.
 * - Of a signal or population that is altered: also policies for other kinds, as conditions that were signed rest on it.
 * - Of a release: what the rules and pins reach that lead to it, and their kinds besides its own.
 * - Of a policy: all that it reaches before and after. It so protects itself.
 * - Of a grant or an account: what the permissions reach that somebody gains or loses by it, and the roles that
 *   somebody gains or loses. Permissions that only let see are left aside.
 * - Nothing: to stop a product, to alter the regression set, and what alters no more than a comment on a policy, grant or
 *   account.
 */
export function demandsOf(edit: ObjectEdit, accounts: Accounts, context: SignOffContext): readonly Demand[] {
  const { kind, name } = edit;
  const [before, after] = [settle(kind, edit.before), settle(kind, edit.after)];
  if (isDeepStrictEqual(before, after) && context.isLater !== true) return [];
  switch (kind) {
    case 'regression-line':
      return [];
    case 'policy':
      return saysTheSame(before, after) ? [] : [{ reaches: reachesOf(edit), roles: [] }];
    case 'grant':
    case 'user':
    case 'service-account':
      return [ofPower(edit, accounts)];
    case 'release':
      return context
        .rulesNaming(name)
        .map((lead) => ({ kinds: [kind, lead.kind], reaches: reachesOfBody(lead.kind, lead.body), roles: [] }));
    case 'emergency-stop':
      return before === undefined ? [] : [{ kinds: [kind], reaches: reachesOf(edit), roles: [] }];
    case 'signal':
    case 'population': {
      const isAltered = before !== undefined && after !== undefined && !saysTheSame(before, after);
      return [{ ...(!isAltered && { kinds: [kind] }), reaches: reachesOf(edit), roles: [] }];
    }
    default:
      return [{ kinds: [kind], reaches: reachesOf(edit), roles: [] }];
  }
}

function ofPower(edit: ObjectEdit, accounts: Accounts): Demand {
  const { gained, lost } = powerMoved(edit, accounts);
  const moved = [...gained.permissions, ...lost.permissions].filter(
    ({ actions }) => !actions.every((action) => harmless.includes(action)),
  );
  return { reaches: moved.flatMap(reachesOfPermission), roles: [...gained.roles, ...lost.roles] };
}
