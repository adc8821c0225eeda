import { expect, test } from 'vitest';
import { isPublicAddress } from './is-public-address.ts';

test.each([
  '198.41.0.4',
  '1.1.1.1',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:80e::200e',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'of this network'],
  ['10.255.255.255', 'private'],
  ['100.64.0.1', 'of a carrier'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['172.16.0.1', 'private'],
  ['192.0.0.8', 'of a protocol'],
  ['192.0.2.1', 'of documentation'],
  ['192.88.99.1', 'a relay of 6to4'],
  ['192.168.0.1', 'private'],
  ['198.18.0.1', 'of benchmarks'],
  ['203.0.113.1', 'of documentation'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::7f00:1', 'IPv4-compatible'],
  ['::ffff:127.0.0.1', 'IPv4-mapped'],
  ['::ffff:1.1.1.1', 'IPv4-mapped'],
  ['::ffff:0:1.1.1.1', 'IPv4-translated'],
  ['64:ff9b::10.0.0.1', 'NAT64'],
  ['64:ff9b:1::1', 'NAT64 of a network'],
  ['100::1', 'discard-only'],
  ['2001::1', 'Teredo'],
  ['2001:2::1', 'of benchmarks'],
  ['2001:20::1', 'ORCHID'],
  ['2001:db8::1', 'of documentation'],
  ['2002:7f00:1::1', '6to4'],
  ['3fff::1', 'of documentation'],
  ['4000::1', 'not given out'],
  ['5f00::1', 'of segment routing'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'unique local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local with a zone'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['localhost', 'no address'],
  ['127.1', 'no address'],
  ['', 'no address'],
])('%s is not: it is %s', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
