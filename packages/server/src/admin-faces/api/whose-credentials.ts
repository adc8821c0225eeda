import type { Current } from '../../app/changes/current.ts';
import type { Caller } from '../../app/changes/desk.ts';
import type { Principal } from '../../principal.ts';
import { principalText } from '../../principal.ts';
import { Problem, problemOf } from '../../problem.ts';

type Asked = Pick<Current, 'access'>;

/** Whether somebody may see, make and revoke what lets others in. */
export function mayAdminister({ access }: Asked, { principal, scopes }: Caller): boolean {
  return (['user', 'service-account'] as const).every((kind) =>
    access.may(principal, 'administer', { kind, reaches: [{}] }, scopes),
  );
}

/** @throws Problem `not-allowed` for a limited token: whoever found it must not get more by it, nor keep others out */
export function refuseLimited({ scopes }: Caller): void {
  if (scopes === undefined || scopes.includes('administer')) return;
  throw new Problem('not-allowed', 'a token that is limited may see and alter none, unless its scopes hold administer');
}

/** Whose tokens or sessions are meant: the caller's own unless said. @throws Problem `not-allowed` for others' */
export function ownerMeant(asked: Asked, caller: Caller, owner: Principal | undefined): Principal {
  refuseLimited(caller);
  const { principal } = caller;
  if (owner === undefined || principalText(owner) === principalText(principal)) return principal;
  if (mayAdminister(asked, caller)) return owner;
  throw new Problem('not-allowed', `${principal.name} may see and alter only their own: others' need administer`);
}

/** @throws Problem `not-allowed` for who could by it do what they may not do themselves */
export function refuseStronger({ access }: Asked, { principal, scopes }: Caller, owner: Principal): void {
  const lacks = [...new Set(access.lacksOf(principal, access.permissionsOf(owner), scopes))];
  if (lacks.length === 0) return;
  const message = (lack: string) => `${lack}, which ${owner.name} may`;
  throw problemOf(
    'not-allowed',
    lacks.map((lack) => ({ at: '', message: message(lack) })),
  );
}
