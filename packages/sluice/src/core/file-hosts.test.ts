import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFileHosts, hostAndPath, isAllowedUrl } from './file-hosts.ts';

const hosts = compileFileHosts([
  { version: 1, value: { host: 'download.example.com', products: ['MyApp', 'Other'] } },
  {
    version: 1,
    value: {
      host: 'shared.example.com:8443',
      products: ['Everywhere'],
      paths: [
        { pattern: '/myapp/[a-z.]+', products: ['MyApp'] },
        { pattern: '/myapp/.*', products: ['Other'] },
        { pattern: '/a|/b', products: ['MyApp'] },
        { pattern: '(', products: ['MyApp'] },
      ],
    },
  },
]);

describe('a file URL', () => {
  test.each([
    ['https://download.example.com/a.mar', 'MyApp', true],
    ['http://download.example.com/a.mar', 'Other', true],
    ['https://download.example.com', 'MyApp', true],
    ['https://download.example.com?a', 'MyApp', true],
    ['https://download.example.com/a.mar', 'Stranger', false],
    ['https://download.example.com/a.mar', '', false],
    ['https://DOWNLOAD.example.com/a.mar', 'MyApp', false],
    ['https://download.example.com:443/a.mar', 'MyApp', false],
    ['https://evil.example.com/download.example.com', 'MyApp', false],
    ['https://evil.example.com#download.example.com/', 'MyApp', false],
    ['https://download.example.com@evil.example.com/', 'MyApp', false],
    ['https://download.example.com.evil.example.com/', 'MyApp', false],
    ['//download.example.com/a.mar', 'MyApp', false],
    ['download.example.com/a.mar', 'MyApp', false],
    ['javascript:alert(1)', 'MyApp', false],
    ['', 'MyApp', false],
  ])('%s for %s: %s', (url, product, expected) => {
    expect(isAllowedUrl(hosts, url, product)).toBe(expected);
  });

  test.each([
    ['/myapp/a.mar', 'MyApp', true],
    ['/myapp/a.mar', 'Other', false],
    ['/myapp/1.mar', 'MyApp', false],
    ['/myapp/1.mar', 'Other', true],
    ['/other/a.mar', 'MyApp', false],
    ['/x/myapp/a.mar', 'MyApp', false],
    ['/myapp/a.mar?x=1', 'MyApp', true],
    ['/b', 'MyApp', true],
    ['/bb', 'MyApp', false],
    ['/ab', 'MyApp', false],
    ['/x/b', 'MyApp', false],
    ['/anything', 'Everywhere', true],
  ])('goes by the first pattern that its whole path meets: %s for %s: %s', (path, product, expected) => {
    expect(isAllowedUrl(hosts, `https://shared.example.com:8443${path}`, product)).toBe(expected);
  });

  test('is cut into host and path', () => {
    expect(hostAndPath('https://a.example:1/b/c?d#e')).toEqual({ host: 'a.example:1', path: '/b/c' });
    expect(hostAndPath('/b/c')).toBe(undefined);
  });

  test('of any form is allowed or not, and is never an error', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `https://example.com/${rest}`),
    );
    fc.assert(
      fc.property(text, text, fc.string(), (url, pattern, product) => {
        const any = compileFileHosts([
          { version: 1, value: { host: 'example.com', paths: [{ pattern, products: [product] }] } },
        ]);
        expect(typeof isAllowedUrl(any, url, product)).toBe('boolean');
      }),
    );
  });
});
