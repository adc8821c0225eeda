import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether an address is of the public internet and of one machine: not of this machine, a local network, a carrier's, of
 * documentation, of many machines, or one that wraps another address.
 * Source: IANA's registries of special-purpose addresses for IPv4 and IPv6.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // What IANA has not given out for the public internet is not of it, whatever it may once be for.
  return parsed.kind() === 'ipv4' || parsed.match(givenOut);
}

const givenOut = ipaddr.IPv6.parseCIDR('2000::/3');
