import type { Credential } from '../../credential.ts';

/** Whether a credential still counts by itself, whoever owns it. A session ends when it is not used for `idleMs`. */
export function isAlive(credential: Credential, nowMs: number, idleMs: number): boolean {
  if (credential.revokedAtMs !== undefined || nowMs >= credential.expiresAtMs) return false;
  return credential.kind !== 'session' || nowMs - (credential.usedAtMs ?? credential.createdAtMs) < idleMs;
}
