import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressGroup, plainAddress } from './address-group.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::1.2.3.4', '::1.2.3.4'],
  ['::ffff:102:304', '1.2.3.4'],
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:102:304', '1.2.3.4'],
  ['0000:0000:0000:0000:0000:ffff:192.0.2.7', '192.0.2.7'],
  ['0::ffff:102:304%lo', '1.2.3.4'],
  ['64:ff9b::192.0.2.7', '192.0.2.7'],
  ['64:ff9b::c000:207', '192.0.2.7'],
  ['0064:FF9B:0:0:0:0:c000:207', '192.0.2.7'],
  ['64:ff9b::', '0.0.0.0'],
  // That of a network of its own, which may wrap an address in other ways.
  ['64:ff9b:1::192.0.2.7', '64:ff9b:1::192.0.2.7'],
  ['64:ff9b::1:c000:207', '64:ff9b::1:c000:207'],
  ['::ffff:0:102:304', '::ffff:0:102:304'],
  ['::ffff:1.2.3', '::ffff:1.2.3'],
  ['::ffff:1', '::ffff:1'],
  ['ffff::102:304', 'ffff::102:304'],
  ['', ''],
])('%s is plainly %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::2:3:4:5:6', '2001:db8:0:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::', '1:0:0:0::/64'],
  ['::ffff:102:304', '1.2.3.4'],
  ['64:ff9b::192.0.2.7', '192.0.2.7'],
  ['64:ff9b:1::192.0.2.7', '64:ff9b:1:0::/64'],
  ['1:2:3:4:5:6:192.0.2.7', '1:2:3:4::/64'],
  ['', ''],
  ['no address', 'no address'],
])('%s belongs to %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test('addresses belong together exactly when their first 64 bits are the same', () => {
  const groups = fc.tuple(...Array.from({ length: 8 }, () => fc.constantFrom(0, 1, 0xdb8)));
  const written = (parts: readonly number[]): string =>
    new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1);
  fc.assert(
    fc.property(groups, groups, (one, other) => {
      const same = one.slice(0, 4).join() === other.slice(0, 4).join();
      expect(addressGroup(written(one)) === addressGroup(written(other))).toBe(same);
    }),
    { seed: 20_261_121, numRuns: 2000 },
  );
});

test('an IPv4 address is itself in whatever form IPv6 wraps it', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const dotted = [a, b, c, d].join('.');
      const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
      for (const prefix of ['::ffff:', '0:0:0:0:0:FFFF:', '64:ff9b::', '64:ff9b:0:0:0:0:'])
        for (const written of [dotted, hex]) expect(plainAddress(prefix + written)).toBe(dotted);
    }),
    { seed: 20_261_121 },
  );
});
