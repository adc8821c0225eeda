import { hkdfSync, randomBytes } from 'node:crypto';
import type { OidcClientSettings } from '../../sign-in-app.ts';

/**
 * What seals the state of somebody who is at the provider: the same on all nodes that know the client's secret, because
 * another of them may be the one that is come back to. Without that secret each node has a key of its own.
 */
export function oidcKey({ issuer, clientId, clientSecret }: OidcClientSettings): Uint8Array {
  if (clientSecret === undefined) return randomBytes(32);
  return new Uint8Array(hkdfSync('sha256', clientSecret, `${issuer} ${clientId}`, 'sluice sign-in', 32));
}
