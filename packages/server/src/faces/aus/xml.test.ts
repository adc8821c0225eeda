import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readXml } from './element.fixture.ts';
import { attributes, escapeAttribute } from './xml.ts';

const declaration = '<?xml version="1.0"?>';

describe('an attribute', () => {
  test.each([
    ['plain', 'https://example.org/a;b=c?d', 'https://example.org/a;b=c?d'],
    ['an ampersand, once more each time', 'a&b &amp; &#9;', 'a&amp;b &amp;amp; &amp;#9;'],
    ['markup', `<a b="c" d='e'>`, `&lt;a b=&quot;c&quot; d='e'&gt;`],
    ['white space that a reader would turn into blanks', 'a\tb\nc\rd e', 'a&#9;b&#10;c&#13;d e'],
    ['what XML cannot hold', 'a\0b\u001bc\ufffed\uffff', 'a\ufffdb\ufffdc\ufffdd\ufffd'],
    ['half a pair', 'a\ud83db\ude00', 'a\ufffdb\ufffd'],
    ['a whole pair and other letters', '\ud83d\ude00 é \u0085 \u2028 \u007f', '\ud83d\ude00 é \u0085 \u2028 \u007f'],
    ['nothing', '', ''],
  ])('with %s is written', (_, value, written) => {
    expect(escapeAttribute(value)).toBe(written);
  });

  test('says numbers and booleans in their plain form', () => {
    expect(
      attributes([
        ['size', 71_000_000],
        ['unsupported', true],
      ]),
    ).toBe(' size="71000000" unsupported="true"');
    expect(attributes([])).toBe('');
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 20 }),
  fc
    .array(fc.constantFrom('&', '<', '>', '"', "'", '&amp;', '&#0;', ']]>', '\n', '\r\n', '\t', '\ud800', 'a'))
    .map(join),
);

function join(pieces: readonly string[]): string {
  return pieces.join('');
}

/** What a reader should see: what no XML can hold is replaced, character by character. */
function readable(text: string): string {
  return [...text].map((character) => (isXml(character.codePointAt(0) ?? 0) ? character : '\ufffd')).join('');
}

/** Section 2.2 of XML 1.0, as it stands there. */
function isXml(code: number): boolean {
  return (
    [0x9, 0xa, 0xd].includes(code) ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  );
}

test('any texts in attributes are read back by a strict reader, with what XML cannot hold replaced', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const written = attributes([
        ['URL', one],
        ['size', other],
      ]);
      const { attributes: read } = readXml(`${declaration}<patch${written}/>`);
      expect(read).toEqual({ URL: readable(one), size: readable(other) });
    }),
    { numRuns: 1500 },
  );
});

test.each([
  '<a b="<"/>',
  '<a b="&foo;"/>',
  '<a b="\u0001"/>',
  '<a b="\n"/>',
  '<a bad name="1"/>',
  '<a b="1" b="2"/>',
  '<a>',
])('the strict reader refuses %j', (wrong) => {
  expect(() => readXml(`${declaration}${wrong}`)).toThrow();
});
