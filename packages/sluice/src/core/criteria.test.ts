import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  meetsNumber,
  meetsSubstrings,
  meetsText,
  meetsVersion,
  numberCriterion,
  substringCriterion,
  textCriterion,
  versionCriterion,
} from './criteria.ts';
import { readVersion, versionScheme } from './version.ts';

function meets(criterion: string, text: string, product = 'Firefox'): boolean {
  const version = readVersion(text, versionScheme(product));
  if (version === undefined) throw new Error(`${text} cannot be read`);
  return meetsVersion(versionCriterion(criterion, product), version, text);
}

describe('a criterion on versions', () => {
  test.each([
    ['60.0', '60.0', true],
    ['60.0', '60.0.0', true],
    ['60.0', '60.0.1', false],
    ['60.0', '60.0a1', false],
    ['<60.0', '59.0', true],
    ['<60.0', '60.0a1', true],
    ['<60.0', '60.0', false],
    ['<=60.0', '60.0', true],
    ['<=60.0', '60.0.1', false],
    ['>60.0', '60.0', false],
    ['>60.0', '60.0.1', true],
    ['>=60.0', '60.0', true],
    ['>=60.0', '60.0a1', false],
    ['<10.0', '9.0', true],
    ['<3.6.3', '3.6.3plugin1', true],
    ['2.0.20', '2.0.0.20', true],
  ])('%s against %s: %s', (criterion, version, expected) => {
    expect(meets(criterion, version)).toBe(expected);
  });

  test.each([
    ['99.*', '99.0', true],
    ['99.*', '99.9.9', true],
    ['99.*', '99.0a1', true],
    ['99.*', '9.0', false],
    ['99.*', '999.0', false],
    ['99.8.*', '99.8', false],
    ['99.8.*', '99.8.1', true],
    ['99.8.*', '99.80.1', false],
  ])('with a glob goes by the text: %s against %s: %s', (criterion, version, expected) => {
    expect(meets(criterion, version)).toBe(expected);
  });

  test.each([
    ['59.0,60.0', '60.0', true],
    ['59.0, 60.0', '60.0', true],
    ['59.0,60.0', '61.0', false],
    ['59.*,60.0', '59.0.2', true],
    ['<50.0,>60.0', '61.0', true],
    ['<50.0,>60.0', '55.0', false],
  ])('with a list asks for any of them: %s against %s: %s', (criterion, version, expected) => {
    expect(meets(criterion, version)).toBe(expected);
  });

  test.each(['60.0esr', '59', '', ' ', '>', '>=', '=60.0', '~60.0', '*', '9*', '*.*', '60.0.0.*', '> 60.0', '<60.0<'])(
    'that cannot be read matches nothing and says so: %j',
    (criterion) => {
      expect(meets(criterion, '60.0')).toBe(false);
      expect(versionCriterion(criterion).unreadable).toEqual([criterion.trim()]);
    },
  );

  test('that cannot be read in one entry harms none of the others', () => {
    expect(meets('60.0esr,60.0', '60.0')).toBe(true);
    expect(meets('60.0,', '60.0')).toBe(true);
    expect(versionCriterion('60.0esr,60.0,59').unreadable).toEqual(['60.0esr', '59']);
  });

  test('follows the scheme of the product', () => {
    expect(meets('<2.10', '2.9-beta', 'Guardian')).toBe(true);
    expect(meets('>=2', '2.9', 'FirefoxVPN')).toBe(true);
    expect(versionCriterion('>=2', 'FirefoxVPN').unreadable).toEqual([]);
    expect(versionCriterion('>=2', 'Firefox').unreadable).toEqual(['>=2']);
  });

  test('without a product is read for either scheme', () => {
    const loose = readVersion('3', 'loose');
    const mozilla = readVersion('3.0', 'mozilla');
    if (loose === undefined || mozilla === undefined) throw new Error('unread');
    expect(meetsVersion(versionCriterion('>=2'), loose, '3')).toBe(true);
    expect(meetsVersion(versionCriterion('>=2'), mozilla, '3.0')).toBe(false);
  });
});

describe('a criterion on texts', () => {
  test.each([
    ['20260101', '20260101', true],
    ['20260101', '20260102', false],
    ['<20260101', '20251231', true],
    ['<20260101', '20260101', false],
    ['<=20260101', '20260101', true],
    ['>20260101', '20260101', false],
    ['>=20260101', '20260101', true],
    ['>9', '10', false],
    ['<9', '10', true],
    ['>10', '', false],
    ['<10', '', true],
  ])('compares character by character: %s against %j: %s', (text, value, expected) => {
    const criterion = textCriterion(text);
    expect(criterion !== undefined && meetsText(criterion, value)).toBe(expected);
  });

  test.each(['', '>', '<=', '=5', '> 5', '.5', '-5', '\n', '>5,6'])('that cannot be read is none: %j', (text) => {
    expect(textCriterion(text)).toBe(undefined);
  });
});

describe('a criterion on numbers', () => {
  test.each([
    ['4096', 4096, true],
    ['4096', 4095, false],
    ['<4096', 4095, true],
    ['<4096', 4096, false],
    ['<=4096', 4096, true],
    ['>4096', 4096, false],
    ['>=4096', 4096, true],
    ['>9', 10, true],
    ['>4096', -1, false],
    ['=4096', 4096, false],
    ['4e3', 4000, false],
    ['0x10', 16, false],
    ['4.5', 4.5, false],
    ['', 0, false],
    ['>', 1, false],
  ])('compares whole numbers: %j against %d: %s', (text, value, expected) => {
    const criterion = numberCriterion(text);
    expect(criterion !== undefined && meetsNumber(criterion, value)).toBe(expected);
  });
});

describe('a criterion on parts of a text', () => {
  test.each([
    ['Windows_NT 10', 'Windows_NT 10.0.0.19045 (x64)', true],
    ['Windows_NT 6', 'Windows_NT 10.0', false],
    ['Windows_NT 6,Darwin', 'Darwin 23', true],
    ['Windows_NT 6, Darwin', 'Darwin 23', true],
    ['Windows_NT 10 && x64', 'Windows_NT 10.0 (x64)', true],
    ['Windows_NT 10 && x64', 'Windows_NT 10.0 (x86)', false],
    ['Windows_NT 10&&x64, Darwin', 'Darwin 23', true],
    ['darwin', 'Darwin 23', false],
    ['Windows_NT 6,', 'Darwin 23', true],
    ['', 'Darwin 23', true],
    ['', '', true],
    ['Darwin', '', false],
  ])('reads commas as "or" and && as "and": %j against %j: %s', (text, value, expected) => {
    expect(meetsSubstrings(substringCriterion(text), value)).toBe(expected);
  });
});

test('every criterion is total over any two texts', () => {
  const text = fc.string({
    unit: fc.constantFrom('<', '>', '=', '.', '*', ',', '&', ' ', '1', '0', 'a', '\0', 'é', '_'),
  });
  fc.assert(
    fc.property(text, text, (criterion, value) => {
      const loose = readVersion(value, 'loose');
      const made = versionCriterion(criterion);
      expect(loose !== undefined && typeof meetsVersion(made, loose, value)).toBe('boolean');
      const byText = textCriterion(criterion);
      if (byText !== undefined) expect(typeof meetsText(byText, value)).toBe('boolean');
      const byNumber = numberCriterion(criterion);
      if (byNumber !== undefined) expect(typeof meetsNumber(byNumber, value.length)).toBe('boolean');
      expect(typeof meetsSubstrings(substringCriterion(criterion), value)).toBe('boolean');
    }),
    { numRuns: 500 },
  );
});
