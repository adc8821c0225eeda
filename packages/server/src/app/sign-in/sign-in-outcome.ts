import type { StartedSession } from '../../sign-in-app.ts';

/** What came of an attempt to sign in. Why somebody was refused is for the audit log, not for them. */
export type SignInOutcome =
  | { readonly kind: 'begun'; readonly session: StartedSession }
  | { readonly kind: 'refused'; readonly why: string };
