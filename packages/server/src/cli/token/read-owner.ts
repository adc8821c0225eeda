import { type Principal, readPrincipal } from '../../principal.ts';

/** Reads who a person means: `user:NAME`, `service-account:NAME`, an e-mail address, or else the name of a service account. */
export function readOwner(text: string): Principal {
  if (/^(?:user|service-account):/.test(text)) return readPrincipal(text);
  return { kind: text.includes('@') ? 'user' : 'service-account', name: text };
}
