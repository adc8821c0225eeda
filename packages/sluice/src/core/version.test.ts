import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, readVersion, type Version, type VersionScheme, versionScheme } from './version.ts';

/** Any UTF-16 code unit, halves of surrogate pairs included. */
const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

function read(text: string, scheme: VersionScheme = 'mozilla'): Version {
  const version = readVersion(text, scheme);
  if (version === undefined) throw new Error(`${text} cannot be read`);
  return version;
}

function compare(a: string, b: string, scheme: VersionScheme = 'mozilla'): number {
  return Math.sign(compareVersions(read(a, scheme), read(b, scheme)));
}

describe("Mozilla's versions", () => {
  test('stand in this order', () => {
    const ascending = [
      '0.1',
      '1.0',
      '1.5.0.1',
      '2.0.0.1',
      '2.0.0.20',
      '3.0b1',
      '3.0b2',
      '3.0rc1',
      '3.0',
      '3.0.1',
      '3.5b4',
      '3.5b99',
      '3.5rc2',
      '3.5',
      '3.6.3plugin1',
      '3.6.3',
      '3.6.14',
      '4.0b12',
      '4.0',
      '4.0.1',
      '5.0',
      '9.0',
      '10.0',
      '10.0.1',
      '60.0a1',
      '60.0a2',
      '60.0',
      '60.0.1a1',
      '60.0.1',
      '60.1',
      '100.0',
    ];
    for (const [at, version] of ascending.entries()) {
      for (const [otherAt, other] of ascending.entries()) {
        expect(compare(version, other), `${version} and ${other}`).toBe(Math.sign(at - otherAt));
      }
    }
  });

  test.each([
    ['60.0', '60.0.0'],
    ['60.0a1', '60.0.0a1'],
    ['060.00', '60.0'],
    ['2.0.0.20', '2.0.20'],
    ['2.0.9.20', '2.0.20'],
    ['3.0beta1', '3.0b1'],
    ['3.6.3plugin1', '3.6.3p1'],
  ])('are equal where only the writing differs: %s and %s', (a, b) => {
    expect(compare(a, b)).toBe(0);
  });

  test.each([
    '60.0b3',
    '60.0esr',
    '60.0.1esr',
    '60.0a',
    '60.0rc1',
    '5.0b1',
    '59',
    '',
    '.',
    '60.',
    '.60',
    '60..0',
    '60.0.0.0.0',
    '60.0.0.1.2a1',
    '2.0.10.20',
    'sixty',
    '60.0 ',
    ' 60.0',
    '60.0\n',
    '-1.0',
    '+60.0',
    '6e1.0',
    '60.0a1b2',
    '3.5b',
    '3.5-b1',
    '٦.٠',
    '0x1.0',
    '*',
    '__proto__',
  ])('cannot be read: %j', (text) => {
    expect(readVersion(text, 'mozilla')).toBe(undefined);
  });

  test('of four parts may lead to a pre-release, whatever the first part', () => {
    expect(compare('2.0.0.20pre1', '2.0.0.20')).toBe(-1);
    expect(compare('60.0.0.20b1', '60.0.20')).toBe(-1);
  });

  test('are read to the end of numbers that no double holds', () => {
    const digits = '9'.repeat(400);
    expect(compare(`${digits}.0`, '60.0')).toBe(1);
    expect(compare(`60.0a${digits}`, `60.0a${digits}`)).toBe(0);
    expect(compare(`${digits}.${digits}.${digits}a${digits}`, `${digits}.${digits}.${digits}a${digits}`)).toBe(0);
  });
});

describe('loose versions', () => {
  test('stand in this order', () => {
    const ascending = ['', '0.9', '1', '1.0', '1.0.1', '1.0.1b2', '1.2', '1.10', '1.10.a', '2.0-beta', '10', 'a', 'b1'];
    for (const [at, version] of ascending.entries()) {
      for (const [otherAt, other] of ascending.entries()) {
        expect(compare(version, other, 'loose'), `${version} and ${other}`).toBe(Math.sign(at - otherAt));
      }
    }
  });

  test('are equal where only dots and leading zeros differ', () => {
    expect(compare('1.02', '1..2.', 'loose')).toBe(0);
  });

  test('are those of two products, and of no other', () => {
    const products = ['FirefoxVPN', 'Guardian', 'Firefox', 'guardian', '', '__proto__'];
    expect(products.map(versionScheme)).toEqual(['loose', 'loose', 'mozilla', 'mozilla', 'mozilla', 'mozilla']);
  });
});

const small = fc.integer({ min: 0, max: 12 });
const mozillaText = fc
  .tuple(small, small, fc.option(small), fc.constantFrom('', '', 'a1', 'a2', 'b1', 'plugin1', 'rc12'))
  .map(([major, minor, patch, stage]) => `${major}.${minor}${patch === null ? '' : `.${patch}`}${stage}`)
  .filter((text) => readVersion(text, 'mozilla') !== undefined);
const looseText = fc.string({ unit: fc.constantFrom('0', '1', '2', '10', '.', 'a', 'b', '-', 'Z', 'é'), maxLength: 6 });

describe.each([
  ['mozilla', mozillaText],
  ['loose', looseText],
] as const)('the order of %s versions', (scheme, text) => {
  test('is antisymmetric: turned round it is the opposite', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compare(a, b, scheme) + compare(b, a, scheme)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('is transitive, equals included', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        if (compare(a, b, scheme) <= 0 && compare(b, c, scheme) <= 0)
          expect(compare(a, c, scheme)).toBeLessThanOrEqual(0);
        if (compare(a, b, scheme) === 0) expect(compare(a, c, scheme)).toBe(compare(b, c, scheme));
      }),
      { numRuns: 1000 },
    );
  });

  test('holds a version equal to itself', () => {
    fc.assert(
      fc.property(text, (a) => {
        expect(compare(a, a, scheme)).toBe(0);
      }),
    );
  });
});

test('any text is read or not, and is never an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: codeUnit }), (text) => {
      const loose = read(text, 'loose');
      expect(compareVersions(loose, loose)).toBe(0);
      const mozilla = readVersion(text, 'mozilla');
      if (mozilla !== undefined) expect(compareVersions(mozilla, mozilla)).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('versions of two schemes stand in some order, the same at every call', () => {
  expect(compareVersions(read('60.0'), read('60.0', 'loose'))).toBe(-1);
  expect(compareVersions(read('60.0', 'loose'), read('60.0'))).toBe(1);
});
