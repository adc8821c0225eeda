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
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
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
