import type { OidcClientSettings } from '../../sign-in-app.ts';
import { userName } from './user-name.ts';

type Named =
  | { readonly kind: 'known'; readonly user: string }
  | { readonly kind: 'refused'; readonly why: string; readonly user?: string }
  | { readonly kind: 'absent'; readonly why: string };

/** The name of a user in what a provider says of a person, all of it from one and the same saying. */
export function nameIn(
  claims: Readonly<Record<string, unknown>>,
  { claim, requireVerifiedEmail }: Pick<OidcClientSettings, 'claim' | 'requireVerifiedEmail'>,
): Named {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (value === undefined || value === null) return { kind: 'absent', why: `the provider did not say ${claim}` };
  const user = typeof value === 'string' ? userName(value) : undefined;
  if (user === undefined) return { kind: 'refused', why: `${claim} is no name` };
  if (claim !== 'email' || !requireVerifiedEmail) return { kind: 'known', user };
  const { email_verified: verified } = claims;
  if (verified === undefined) return { kind: 'absent', why: 'the provider did not say email_verified' };
  // Some providers write the truth as a text.
  if (verified === true || verified === 'true') return { kind: 'known', user };
  return { kind: 'refused', why: 'the provider has not verified the e-mail address' };
}
