import type { ClientAddressOptions, ForwardedHeader } from './client-address.ts';
import { trustOf } from './trusted-proxies.ts';

/** Which proxies are believed, and where they say for whom they ask. */
export interface TrustSettings {
  readonly trustedProxies: readonly string[];
  readonly forwardedHeader: ForwardedHeader;
}

/** Gives a function that answers whom to believe about who asks, by what is configured when it is called. */
export function followTrust(config: () => TrustSettings): () => ClientAddressOptions {
  let read: { readonly of: TrustSettings; readonly trust: ClientAddressOptions } | undefined;
  return () => {
    const of = config();
    if (read?.of !== of) {
      read = { of, trust: { isTrusted: trustOf(of.trustedProxies), header: of.forwardedHeader } };
    }
    return read.trust;
  };
}
