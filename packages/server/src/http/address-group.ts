import { isIPv4, isIPv6 } from 'node:net';

/**
 * An address as it is compared and counted: without a zone, and as IPv4 where IPv6 only wraps it, however it is written.
 * Source: RFC 4291, section 2.5.5.2; RFC 6052, section 2.1.
 */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%', 1);
  const usual = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  if (usual !== undefined && isIPv4(usual)) return usual;
  return /^[0:]*:ffff:|^0*64:ff9b:/i.test(bare) && isIPv6(bare) ? (unwrapped(groupsOf(bare)) ?? bare) : bare;
}

/**
 * What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has one of those
 * has all behind it. Source: RFC 6177.
 */
export function addressGroup(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const network = groupsOf(plain).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const before = numbersOf(head);
  const after = numbersOf(tail ?? '');
  const zeros = Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<number>(zeros).fill(0), ...after];
}

/** An IPv4 address at the end takes the place of two groups. */
function numbersOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

const wrappings: readonly string[] = [
  // IPv4-mapped.
  [0, 0, 0, 0, 0, 0xffff].join(),
  // NAT64.
  [0x64, 0xff9b, 0, 0, 0, 0].join(),
];

function unwrapped(groups: readonly number[]): string | undefined {
  if (!wrappings.includes(groups.slice(0, 6).join())) return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}
