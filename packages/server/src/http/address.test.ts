import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressText, readAddress } from './address.ts';

describe('an address', () => {
  test.each([
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    ['localhost:0', 'localhost', 0],
    ['a.example.org:65535', 'a.example.org', 65_535],
    ['[::1]:80', '::1', 80],
    ['[::]:0', '::', 0],
    ['[::ffff:127.0.0.1]:1', '::ffff:127.0.0.1', 1],
  ])('%s is %s at %i', (text, host, port) => {
    expect(readAddress(text)).toEqual({ host, port });
    expect(addressText({ host, port })).toBe(text);
  });

  test.each([
    '',
    ':8080',
    '8080',
    'localhost',
    'localhost:',
    'localhost:65536',
    'localhost:123456',
    'localhost:-1',
    'localhost:80a',
    'localhost: 80',
    ' localhost:80',
    'local host:80',
    '::1:80',
    '[::1]',
    '[::1]80',
    '[localhost]:80',
    '[]:80',
    'http://localhost:80',
  ])('is not %j', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  test('that was read is written as it can be read again', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(host, fc.integer({ min: 0, max: 65_535 }), (name, port) => {
        expect(readAddress(addressText({ host: name, port }))).toEqual({ host: name, port });
      }),
      { numRuns: 300 },
    );
  });
});
