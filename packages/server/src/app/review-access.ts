import type { KindName } from '../kind.ts';
import type { AccountBody } from '../kinds/account-body.ts';
import type { GrantBody } from '../kinds/grant.ts';
import type { PolicyBody } from '../kinds/policy.ts';
import { enabledRoles } from './access/accounts.ts';
import { builtInRole } from './access/built-in-roles.ts';
import type { After, ReviewFinding } from './review.ts';
import { reviewSigners } from './review-signers.ts';

/** An edit of a policy, a grant, a user or a service account. */
export interface AccessEdit {
  readonly kind: Extract<KindName, 'policy' | 'grant' | 'user' | 'service-account'>;
  readonly name: string;
  readonly before: unknown;
  readonly body: unknown;
}

/** What a person should know about who may do what: grants to nobody, policies that nobody can satisfy. */
export function reviewAccess({ kind, name, before, body }: AccessEdit, after: After): readonly ReviewFinding[] {
  switch (kind) {
    case 'policy':
      return body === undefined ? [] : reviewPolicy(body as PolicyBody, after);
    case 'grant':
      return body === undefined ? [] : reviewGrant(body as GrantBody, after);
    case 'user':
      return [
        ...(body === undefined ? stillGranted('user', name, after) : []),
        ...leftShort(before as AccountBody | undefined, body as AccountBody | undefined, after),
      ];
    case 'service-account':
      return body === undefined ? stillGranted('serviceAccount', name, after) : [];
  }
}

function reviewGrant({ role, user, serviceAccount }: GrantBody, after: After): readonly ReviewFinding[] {
  const missing = (kind: KindName, field: keyof GrantBody, name: string | undefined): readonly ReviewFinding[] =>
    name === undefined || after.body(kind, name) !== undefined
      ? []
      : [{ path: [field], message: `there is no ${kind} ${name}`, code: 'object-not-found' }];
  const fixed = role !== undefined && builtInRole(role) !== undefined;
  return [
    ...missing('user', 'user', user),
    ...missing('service-account', 'serviceAccount', serviceAccount),
    ...(fixed
      ? [
          {
            path: ['role'],
            message: `what ${role} may do is fixed: grant to a role of another name`,
            code: 'invalid-object' as const,
          },
        ]
      : []),
  ];
}

function reviewPolicy(body: PolicyBody, after: After): readonly ReviewFinding[] {
  const short = tooFewFor(body, after);
  return short.length > 0 ? short : reviewSigners(body, after);
}

function tooFewFor({ role, signOffs }: PolicyBody, after: After): readonly ReviewFinding[] {
  const people = holdersOf(role, after);
  if (people >= signOffs) return [];
  const message = `a policy cannot ask for more sign-offs than people hold the role: ${people} hold ${role}`;
  // A policy that nobody can satisfy guards itself for ever.
  return [{ path: ['signOffs'], message, code: 'invalid-object', isFirm: true }];
}

/** Policies that the people who are left cannot satisfy, as somebody leaves a role. */
function leftShort(
  before: AccountBody | undefined,
  body: AccountBody | undefined,
  after: After,
): readonly ReviewFinding[] {
  const has = enabledRoles(body);
  const lost = enabledRoles(before).filter((role) => !has.includes(role));
  if (lost.length === 0) return [];
  return after.all('policy').flatMap(({ name, body: policy }): readonly ReviewFinding[] => {
    const { role, signOffs } = policy as PolicyBody;
    const people = lost.includes(role) ? holdersOf(role, after) : signOffs;
    if (people >= signOffs) return [];
    const message = `policy ${name} asks for more sign-offs than people would hold the role: ${people} hold ${role}`;
    return [{ path: body === undefined ? [] : ['roles'], message, code: 'invalid-object', isFirm: true }];
  });
}

function holdersOf(role: string, after: After): number {
  return after.all('user').filter(({ body }) => enabledRoles(body as AccountBody).includes(role)).length;
}

function stillGranted(field: 'user' | 'serviceAccount', name: string, after: After): readonly ReviewFinding[] {
  return after
    .all('grant')
    .filter(({ body }) => (body as GrantBody)[field] === name)
    .map((grant) => ({ path: [], message: `grant ${grant.name} needs it`, code: 'object-in-use' }));
}
