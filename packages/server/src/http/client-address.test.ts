import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';
import { trustOf } from './trusted-proxies.ts';

const isTrusted = trustOf(['10.0.0.0/8', '2001:db8:1::/48']);
const proxy = '10.0.0.1';

describe('X-Forwarded-For', () => {
  const from = (peer: string | undefined, value?: string): string =>
    clientAddress(peer, value === undefined ? {} : { 'x-forwarded-for': value }, {
      isTrusted,
      header: 'x-forwarded-for',
    });

  test.each([
    ['the last address', '203.0.113.9', '203.0.113.9'],
    ['the last address, whatever the client wrote before it', '1.1.1.1, 198.51.100.7,203.0.113.9', '203.0.113.9'],
    ['the last address that is no proxy of ours', '1.1.1.1, 203.0.113.9, 10.0.0.2,  10.9.9.9', '203.0.113.9'],
    ['the first of our own where all are', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['an address with a port', '203.0.113.9:4711', '203.0.113.9'],
    ['an IPv6 address', '2001:db8::9', '2001:db8::9'],
    ['an IPv6 address in brackets', '[2001:db8::9]', '2001:db8::9'],
    ['an IPv6 address with a port', '[2001:db8::9]:443, 2001:db8:1::5', '2001:db8::9'],
    ['an IPv4 address that IPv6 wraps', '::ffff:203.0.113.9', '203.0.113.9'],
    ['the proxy itself, where there is nothing', '', proxy],
    ['the proxy itself, where there is no address', 'unknown', proxy],
    ['the proxy itself, where the last is no address', '203.0.113.9, nonsense', proxy],
    ['the proxy itself, where a number is too large', '203.0.113.256', proxy],
    ['the proxy itself, where something is missing', '203.0.113.9,,10.0.0.2', proxy],
    ['an address without its zone', 'fe80::1%eth0', 'fe80::1'],
    ['the last address, though what stands before it is nonsense', '<script>, 203.0.113.9', '203.0.113.9'],
  ])('of a trusted proxy tells %s', (_, value, address) => {
    expect(from(proxy, value)).toBe(address);
    expect(from(`::ffff:${proxy}`, value)).toBe(address);
  });

  test('is not believed of anybody else', () => {
    expect(from('198.51.100.7', '203.0.113.9')).toBe('198.51.100.7');
    expect(from('::ffff:198.51.100.7', '10.0.0.1')).toBe('198.51.100.7');
    expect(from('2001:db8:2::1', '203.0.113.9')).toBe('2001:db8:2::1');
    expect(from(undefined, '203.0.113.9')).toBe('');
  });

  test('is not missed where a proxy sends none', () => {
    expect(from(proxy)).toBe(proxy);
  });

  test('never makes an address of what is none, and never one of what a client wrote before the last', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:[],;= "\\%x'), maxLength: 60 });
    fc.assert(
      fc.property(text, (value) => {
        expect(isIP(from(proxy, value))).not.toBe(0);
        expect(from(proxy, `${value}, 203.0.113.9`)).toBe('203.0.113.9');
      }),
      { seed: 20_261_121, numRuns: 2000 },
    );
  });
});

describe('Forwarded', () => {
  const from = (peer: string, value: string): string =>
    clientAddress(peer, { forwarded: value, 'x-forwarded-for': '198.51.100.1' }, { isTrusted, header: 'forwarded' });

  test.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['For=203.0.113.9;proto=http;by=10.0.0.1', '203.0.113.9'],
    ['by=10.0.0.1; for="203.0.113.9:4711"', '203.0.113.9'],
    ['for="[2001:db8::9]:4711"', '2001:db8::9'],
    ['for=1.1.1.1, for=203.0.113.9, for=10.0.0.7', '203.0.113.9'],
    ['host="a,b;for=1.1.1.1;c";for=203.0.113.9', '203.0.113.9'],
    ['host=a"b, for=203.0.113.9', '203.0.113.9'],
    ['for=_hidden', proxy],
    ['for=unknown', proxy],
    ['for=203.0.113.9;for=1.1.1.1', proxy],
    ['for=203.0.113.9, proto=http', proxy],
    ['for=203.0.113.9, "', proxy],
    ['for="203.0.113.9', proxy],
    ['xfor=203.0.113.9', proxy],
    ['', proxy],
  ])('%s tells of %s', (value, address) => {
    expect(from(proxy, value)).toBe(address);
  });

  test('is not believed of anybody but trusted proxies', () => {
    expect(from('198.51.100.7', 'for=203.0.113.9')).toBe('198.51.100.7');
  });

  test('takes no long time, however odd it is', () => {
    const before = performance.now();
    for (const piece of ['"', '"\\', ';for=', 'for="', '"\\"', ';  ', 'for=1,'])
      expect(isIP(from(proxy, piece.repeat(16_000 / piece.length)))).toBe(4);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

test('only the header that was chosen is read', () => {
  const headers = { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '198.51.100.1' };
  expect(clientAddress(proxy, headers, { isTrusted, header: 'forwarded' })).toBe('203.0.113.9');
  expect(clientAddress(proxy, headers, { isTrusted, header: 'x-forwarded-for' })).toBe('198.51.100.1');
});
