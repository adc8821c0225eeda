import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyYaml } from './body-yaml.ts';
import { readPlacedYaml } from './placed-yaml.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'yes',
    '1.0',
    '1e3',
    '0x10',
    '~',
    'null',
    '- a',
    'a: b',
    '# c',
    '',
    ' ',
    '\n',
    'a\n\n b\n',
    '\ud800',
    '\u0000',
    '\u2028',
    '!t',
    '&a',
    '*a',
    '<<',
    '__proto__',
    '2026-12-01',
    '\ufeff',
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('mapping'),
  ),
  mapping: fc
    .uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries)),
}));

describe('a body as YAML', () => {
  test('is read back as what it was, whatever it holds', () => {
    fc.assert(
      fc.property(json.mapping, (body) => {
        const read = readPlacedYaml(bodyYaml('release', body), 'release/a.yaml');
        expect('value' in read ? read.value : read).toEqual(body);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  test('is one text for equal bodies, whatever the order of their fields', () => {
    const share = { percent: 25, kind: 'percent' };
    const one = bodyYaml('rule', { zebra: 1, share, product: 'Firefox', priority: 10 }, { kind: 'rule', name: '10' });
    const other = bodyYaml(
      'rule',
      { priority: 10, product: 'Firefox', share: { kind: 'percent', percent: 25 }, zebra: 1 },
      { kind: 'rule', name: '10' },
    );
    expect(one).toBe(other);
    expect(one).toBe(
      'kind: rule\nname: "10"\npriority: 10\nshare:\n  kind: percent\n  percent: 25\nproduct: Firefox\nzebra: 1\n',
    );
  });

  test('keeps the lines of a long comment, and folds none', () => {
    const comment = `${'a long line '.repeat(30)}\nand another`;
    expect(bodyYaml('rule', { comment })).toBe(`comment: |-\n  ${comment.replace('\n', '\n  ')}\n`);
  });

  test('says the same thing twice where it stands twice', () => {
    const twice = { a: 1 };
    expect(bodyYaml('release', { x: twice, y: twice })).toBe('x:\n  a: 1\ny:\n  a: 1\n');
  });
});
