import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeForm, decodePercent, decodeSegment, toAscii } from './decode.ts';

describe('decoding percent signs', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a%20b%2Fc', 'a b/c'],
    ['%C3%A9', 'é'],
    ['%c3%a9', 'é'],
    ['%25%32%35', '%25'],
    ['100%', '100%'],
    ['%zz%41', '%zzA'],
    ['%', '%'],
    ['%4', '%4'],
    ['%ff', '\ufffd'],
    ['%C3%', '\ufffd%'],
    ['a+b', 'a+b'],
    ['%00', '\0'],
  ])('%j is %j', (text, decoded) => {
    expect(decodePercent(text)).toBe(decoded);
  });

  test('reads back whatever was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodePercent(encodeURIComponent(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is outside ASCII', () => {
  test.each([
    ['plain \0\x7f', 'plain \0\x7f'],
    ['é', '?'],
    ['aéß', 'a??'],
    ['\ud83d\ude00!', '?!'],
    ['\ud83d', '?'],
    ['\u0080', '?'],
  ])('%j is %j', (text, ascii) => {
    expect(toAscii(text)).toBe(ascii);
  });

  test('becomes a question mark when a segment is decoded', () => {
    expect(decodeSegment('%C3%A9%ff%41%25')).toBe('??A%');
    expect(decodeSegment('a+b')).toBe('a+b');
  });

  test('a plus is a blank in a query, and an encoded one stays', () => {
    expect(decodeForm('a+b%2Bc%20d%E2%82%AC')).toBe('a b+c d?');
    expect(decodeForm('plain')).toBe('plain');
  });
});
