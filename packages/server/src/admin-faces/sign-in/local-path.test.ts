import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localPath } from './local-path.ts';

describe('where somebody goes on to', () => {
  test.each(['/', '/console', '/console/rules?x=1&y=%2F%2Fevil.example#here', '/a//b', '/sign-in'])(
    'may be %s, which is a path of this server',
    (path) => {
      expect(localPath(path)).toBe(path);
    },
  );

  test.each([
    undefined,
    '',
    'console',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'javascript:alert(1)',
    ' //evil.example',
    '/ünd',
    `/${'a'.repeat(2000)}`,
  ])('is the page for signing in instead of %j', (path) => {
    expect(localPath(path)).toBe('/sign-in');
  });

  test('never leaves this server, whatever the text', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\t',
      '@',
      ':',
      'evil.example',
      'https:',
      '?',
      '#',
      'a',
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (path) => {
        const found = localPath(path);
        expect(found).toMatch(/^\/(?![/\\])/);
        expect(new URL(found, 'https://sluice.example').origin).toBe('https://sluice.example');
      }),
      { seed: 4, numRuns: 3000 },
    );
  });
});
