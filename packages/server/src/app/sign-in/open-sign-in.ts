import type { IncomingMessage } from 'node:http';
import type { AdminOrigins } from '../../http/admin-origins.ts';
import type { SignInApp } from '../../sign-in-app.ts';
import type { SignInSettings } from '../../sign-in-settings.ts';
import type { Transactions } from '../../store.ts';
import type { Authentication } from './authentication.ts';
import { prepareSession } from './begin-session.ts';
import { endSession } from './end-session.ts';
import { openRefusals } from './open-refusals.ts';
import type { SignInOutcome } from './sign-in-outcome.ts';
import { signInUser } from './sign-in-user.ts';
import { type MakeAdmin, useLink } from './use-link.ts';

export interface SignInOptions {
  readonly settings: Pick<SignInSettings, 'sessionHours' | 'oidc'>;
  readonly origins: AdminOrigins;
  readonly authentication: Authentication;
  readonly makeAdmin: MakeAdmin;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly nowMs: () => number;
}

/** What the face for signing in asks of, over a store. */
export function openSignIn(store: Transactions, options: SignInOptions): SignInApp {
  const { settings, origins, authentication, makeAdmin, addressOf, nowMs } = options;
  const lifeMs = settings.sessionHours * 3_600_000;
  const writeRefusal = openRefusals(store);
  const sessionOf = async (outcome: SignInOutcome, via: 'oidc' | 'link', user?: string) => {
    if (outcome.kind === 'begun') return outcome.session;
    await writeRefusal({ via, why: outcome.why, ...(user === undefined ? {} : { user }) }, nowMs());
    return undefined;
  };
  return {
    oidc: settings.oidc,
    origins,
    nowMs,
    addressOf,
    authenticate: (presented) => authentication.authenticate(presented, nowMs()),
    signIn: async (user, browser) =>
      sessionOf(await signInUser(store, user, prepareSession(browser, lifeMs, nowMs())), 'oidc', user),
    useLink: async (secret, user, browser) =>
      sessionOf(await useLink(store, { secret, user, makeAdmin }, prepareSession(browser, lifeMs, nowMs())), 'link'),
    endSession: ({ credentialId }) => endSession(store, credentialId, nowMs()),
    refuse: (refusal) => writeRefusal(refusal, nowMs()),
  };
}
