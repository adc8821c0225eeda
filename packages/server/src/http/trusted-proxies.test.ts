import { expect, test } from 'vitest';
import { trustedProxiesSetting, trustOf } from './trusted-proxies.ts';

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.8', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['::1', '::1', true],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['0.0.0.0/0', '203.0.113.1', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['10.0.0.0/8', '', false],
  ['10.0.0.0/8', 'nonsense', false],
])('of %s, %s is trusted: %s', (network, address, isTrusted) => {
  expect(trustedProxiesSetting.safeParse([network]).success).toBe(true);
  expect(trustOf([network])(address)).toBe(isTrusted);
});

test('nobody is trusted unless somebody is named', () => {
  for (const address of ['127.0.0.1', '::1', '10.0.0.1']) expect(trustOf([])(address)).toBe(false);
});

test.each([
  '10.0.0.0/33',
  '2001:db8::/129',
  '10.0.0',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  'proxy.example.org',
  '',
  '/8',
  'fe80::1%eth0',
  '10.0.0.0/-1',
])('%j is no network', (network) => {
  expect(trustedProxiesSetting.safeParse(['10.0.0.0/8', network]).error?.issues).toMatchObject([
    { path: [1], message: 'is no address and no network such as 10.0.0.0/8 or 2001:db8::/32' },
  ]);
});
