import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globMatches, globsOverlap } from './glob.ts';

const options = { seed: 4, numRuns: 3000 };
const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });

/** By the definition, one character after the other. */
function matchesSlowly(pattern: string, given: string): boolean {
  if (pattern === '') return given === '';
  if (pattern.startsWith('*')) {
    return matchesSlowly(pattern.slice(1), given) || (given !== '' && matchesSlowly(pattern, given.slice(1)));
  }
  return given !== '' && pattern[0] === given[0] && matchesSlowly(pattern.slice(1), given.slice(1));
}

/** By the definition, both at once. */
function overlapSlowly(a: string, b: string): boolean {
  if (a === '' && b === '') return true;
  if (a.startsWith('*')) return overlapSlowly(a.slice(1), b) || (b !== '' && overlapSlowly(a, b.slice(1)));
  if (b.startsWith('*')) return overlapSlowly(a, b.slice(1)) || (a !== '' && overlapSlowly(a.slice(1), b));
  return a !== '' && b !== '' && a[0] === b[0] && overlapSlowly(a.slice(1), b.slice(1));
}

describe('a glob', () => {
  test.each<[string, string, boolean]>([
    ['release', 'release', true],
    ['release', 'Release', false],
    ['release*', 'release', true],
    ['release*', 'release-cck-acme', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['*esr*', 'release-esr-cck', true],
    ['a*a', 'a', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'acb', false],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['a?', 'ab', false],
    // The star of a text is a character that only a star meets.
    ['rel*', 'rel*', true],
    ['rel*', 'release*', true],
    ['release*', 'rel*', false],
    ['*', '*', true],
    ['release', '*', false],
    ['a*', '*', false],
  ])('%j and the text %j: %s', (pattern, given, answer) => {
    expect(globMatches(pattern, given)).toBe(answer);
  });

  test('matches what its definition says', () => {
    fc.assert(
      fc.property(glob, fc.oneof(text, glob), (pattern, given) => {
        expect(globMatches(pattern, given)).toBe(matchesSlowly(pattern, given));
      }),
      options,
    );
  });

  test('that matches another as a text matches all that the other matches', () => {
    fc.assert(
      fc.property(glob, glob, text, (wide, narrow, given) => {
        if (globMatches(wide, narrow) && globMatches(narrow, given)) expect(globMatches(wide, given)).toBe(true);
      }),
      options,
    );
  });

  test('with many stars takes no longer for it', () => {
    const startedMs = performance.now();
    expect(globMatches(`${'*a'.repeat(50)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(globMatches(`${'a*'.repeat(1000)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

describe('two globs', () => {
  test.each<[string, string, boolean]>([
    ['release', 'release', true],
    ['release', 'beta', false],
    ['rel*', 'release', true],
    ['rel*', 'release*', true],
    ['rel*', 'beta*', false],
    ['*-esr', 'release*', true],
    ['*-esr', '*-beta', false],
    ['a*c', 'ab*', true],
    ['a*b', 'a*c', false],
    ['*', '', true],
  ])('%j and %j overlap: %s', (a, b, answer) => {
    expect(globsOverlap(a, b)).toBe(answer);
    expect(globsOverlap(b, a)).toBe(answer);
  });

  test('overlap as their definition says', () => {
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        expect(globsOverlap(a, b)).toBe(overlapSlowly(a, b));
      }),
      options,
    );
  });
});
