import type { IncomingMessage } from 'node:http';
import type { AdminOrigins } from './http/admin-origins.ts';
import type { Scope } from './permission.ts';
import type { Principal } from './principal.ts';
import type { OidcSettings } from './sign-in-settings.ts';

/** What a request shows to be let in; of both the token counts. */
export interface Presented {
  readonly bearer?: string | undefined;
  readonly cookie?: string | undefined;
}

/** Who asks, and what vouches for that. */
export interface Authenticated {
  readonly principal: Principal;
  readonly via: 'token' | 'session';
  readonly credentialId: string;
  /** Of a token that is limited. */
  readonly scopes?: readonly Scope[];
  /** Of a session. */
  readonly csrf?: string;
}

/** A browser in which somebody signs in. */
export interface Browser {
  /** Its `User-Agent`. */
  readonly agent: string | undefined;
  /** The id of the session that it has, which the new one takes the place of. */
  readonly replaces?: string | undefined;
}

/** A session that has begun. The secret is for the cookie and is kept nowhere else. */
export interface StartedSession {
  readonly user: string;
  readonly secret: string;
  readonly expiresAtMs: number;
}

/** What the face for signing in may ask of the server. */
export interface SignInApp {
  /** Absent where people sign in by links only. */
  readonly oidc: OidcSettings | undefined;
  readonly origins: AdminOrigins;
  nowMs(): number;
  /** Who asks, for limits; a trusted proxy is believed. */
  addressOf(request: IncomingMessage): string;
  authenticate(presented: Presented): Promise<Authenticated | undefined>;
  /** Begins a session for a user whom the provider has named, or answers `undefined`, and the audit log says why. */
  signIn(user: string, browser: Browser): Promise<StartedSession | undefined>;
  /**
   * Uses up a one-time link. `user` is for the link of the first administrator, who has no name yet.
   * @throws Problem `invalid-object` when nobody can have that name; the link is not used up then.
   */
  useLink(secret: string, user: string | undefined, browser: Browser): Promise<StartedSession | undefined>;
  endSession(authenticated: Authenticated): Promise<void>;
  /** Writes into the audit log that somebody was not let in, and why. */
  refuse(refusal: SignInRefusal): Promise<void>;
}

/** The settings of the provider, once the secret has been read from its file. */
export type OidcClientSettings = Omit<OidcSettings, 'clientSecretFile'>;

/** Why somebody was not let in. */
export interface SignInRefusal {
  readonly via: 'oidc' | 'link';
  readonly why: string;
  /** Who it would have been, where the provider vouches for the name. */
  readonly user?: string;
}
