import type { KindName } from './kind.ts';

/** What a grant may allow. The table for people is `docs/permissions.md`. */
export const actions = [
  /** See objects, their history and the changes to them. */
  'read',
  /** See changes that are pending, and nothing else. */
  'read-changes',
  /** Propose edits that do so. */
  'create',
  'update',
  'delete',
  /** Have a change enacted that is due. */
  'enact',
  /** Report what was read of signals. */
  'report',
  /** Stop a product in an emergency. */
  'stop',
  /** Read and verify the audit log. */
  'audit',
  /** See and revoke other people's tokens and sessions, and make tokens for service accounts. */
  'administer',
] as const;

export type Action = (typeof actions)[number];

/** What a token may be limited to: an action, or `sign` for sign-offs and vetoes, which roles allow and not grants. */
export type Scope = Action | 'sign';

export const scopes: readonly Scope[] = [...actions, 'sign'];

/** What somebody is allowed, as grants and built-in roles say it. */
export interface Permission {
  readonly actions: readonly Action[];
  /** Absent for all kinds. */
  readonly kinds?: readonly KindName[];
  /** Globs; absent for all. */
  readonly products?: readonly string[];
  readonly channels?: readonly string[];
}
