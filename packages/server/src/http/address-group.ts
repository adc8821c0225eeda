import { isIPv4, isIPv6 } from 'node:net';

/** An address as it is compared and counted: without a zone, and as IPv4 where IPv6 only wraps it. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%', 1);
  const wrapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  return wrapped !== undefined && isIPv4(wrapped) ? wrapped : bare;
}

/**
 * What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has one of those
 * has all behind it. Source: RFC 6177.
 */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end takes the place of two groups.
  const afterLength = after.length + (tail?.includes('.') === true ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - afterLength);
  const whole = [...groups, ...Array<string>(zeros).fill('0'), ...after];
  const network = whole.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
