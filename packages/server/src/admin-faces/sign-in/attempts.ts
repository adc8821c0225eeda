import { addressGroup } from '../../http/address-group.ts';
import { RateLimit } from '../../http/rate-limit.ts';

const aMinute = 10;

/** Counts attempts to sign in. Each answers 0, or for how many milliseconds there may be no other. */
export interface Attempts {
  /** From an address; those of one IPv6 network count as one. */
  from(address: string, nowMs: number): number;
  /** From an address, without the cookie that whoever comes back from the provider has: the page of anybody can bring that about. */
  astray(address: string, nowMs: number): number;
  /** Under a name that the provider vouches for. What somebody only says they are called would keep out who is called so. */
  as(user: string, nowMs: number): number;
}

/** Ten attempts a minute from each address and under each name; of those that tried last some are remembered. */
export function openAttempts(): Attempts {
  const limits = { perSecond: aMinute / 60, burst: aMinute, mostKeys: 20_000 };
  const [addresses, strays, users] = [new RateLimit(limits), new RateLimit(limits), new RateLimit(limits)];
  return {
    from: (address, nowMs) => addresses.take(addressGroup(address), nowMs),
    astray: (address, nowMs) => strays.take(addressGroup(address), nowMs),
    as: (user, nowMs) => users.take(user.slice(0, 200), nowMs),
  };
}
