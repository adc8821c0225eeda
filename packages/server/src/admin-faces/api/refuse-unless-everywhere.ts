import type { Current } from '../../app/changes/current.ts';
import type { Caller } from '../../app/changes/desk.ts';
import { kindNames } from '../../kind.ts';
import type { Action } from '../../permission.ts';
import { Problem } from '../../problem.ts';

/**
 * For what cannot be taken apart by products, such as the audit log.
 * @throws Problem `not-allowed` for whoever may not do it to every kind everywhere
 */
export function refuseUnlessEverywhere(
  { access }: Pick<Current, 'access'>,
  { principal, scopes }: Caller,
  action: Action,
): void {
  if (kindNames.every((kind) => access.may(principal, action, { kind, reaches: [{}] }, scopes))) return;
  throw new Problem('not-allowed', `${principal.name} lacks ${action} for all products and kinds`);
}
