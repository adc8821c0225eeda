import type { Scope } from './permission.ts';

/** A secret that lets somebody in: only its SHA-256 is kept. */
export type Credential = Session | ApiToken | SignInLink | NoticeLink;

interface CredentialBase {
  /** Public, unique, and safe to show. */
  readonly id: string;
  /** SHA-256 of the secret, in hex. */
  readonly digest: string;
  /** Whom it lets in (`principalText`); `''` for a link that makes the first administrator. */
  readonly owner: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly revokedAtMs?: number;
  /** To the minute or so, for people to see what is not used any more. */
  readonly usedAtMs?: number;
}

export interface Session extends CredentialBase {
  readonly kind: 'session';
  /** What the browser called itself, shortened, for people to know their sessions apart. */
  readonly agent: string;
  /** Bound to the session: what a form or script of ours must send along, in hex. */
  readonly csrf: string;
}

export interface ApiToken extends CredentialBase {
  readonly kind: 'token';
  readonly name: string;
  /** What it may be used for, of what its owner may do; absent for all of that. */
  readonly scopes?: readonly Scope[];
}

export interface SignInLink extends CredentialBase {
  readonly kind: 'link';
}

/** Lets its owner stop or sign off one change once, as a notice has told of it; it lets nobody in. */
export interface NoticeLink extends CredentialBase {
  readonly kind: 'notice-link';
  readonly notice: string;
  readonly change: number;
  /** `digestOf` the change: when it is altered, the link does nothing any more. */
  readonly changeDigest: string;
}

export interface CredentialQuery {
  readonly kind?: Credential['kind'];
  readonly owner?: string;
  /** Ids after this one only: where the page before ended. */
  readonly after?: string;
  readonly limit: number;
}
