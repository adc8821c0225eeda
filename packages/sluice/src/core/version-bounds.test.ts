import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meetsVersion, versionCriterion } from './criteria.ts';
import { compareVersions, readVersion, type Version } from './version.ts';
import { versionBounds, versionKey } from './version-bounds.ts';

const part = fc.oneof(
  fc.nat(3),
  fc.constantFrom(60, 65_534, 65_535, 65_536, 65_537, 4_294_967_296, '0'.repeat(3), '9'.repeat(30), '9'.repeat(400)),
);
const version = fc
  .tuple(part, part, fc.option(part), fc.option(fc.constantFrom('a1', 'a2', 'b1', 'plugin1', '.0', '.20'), { freq: 2 }))
  .map(([major, minor, patch, end]) => `${major}.${minor}${patch === null ? '' : `.${patch}`}${end ?? ''}`);
const prefix = fc
  .tuple(part, fc.option(part))
  .map(([major, minor]) => `${major}.${minor === null ? '' : `${minor}.`}*`);
const entry = fc.oneof(
  fc.tuple(fc.constantFrom('', '<', '<=', '>=', '>'), version).map(([operator, operand]) => operator + operand),
  prefix,
  fc.constantFrom('junk', '', '<', '60'),
);

function read(text: string): Version | undefined {
  return readVersion(text, 'mozilla');
}

describe('a version key', () => {
  test('never falls as versions rise', () => {
    fc.assert(
      fc.property(version, version, (one, other) => {
        const [a, b] = [read(one), read(other)];
        fc.pre(a !== undefined && b !== undefined);
        const [key, otherKey] = [versionKey(a), versionKey(b)];
        if (compareVersions(a, b) < 0) expect(key).toBeLessThanOrEqual(otherKey);
        else if (compareVersions(a, b) > 0) expect(key).toBeGreaterThanOrEqual(otherKey);
        else expect(key).toBe(otherKey);
      }),
      { seed: 1, numRuns: 5000 },
    );
  });

  test('tells apart versions as they are in the field', () => {
    const texts = ['1.0', '3.6.3', '60.0', '60.0.1', '60.1', '115.9.1', '115.10.0', '158.0'];
    const keys = texts.map((text) => versionKey(read(text)));
    expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
  });

  test('is no number for what cannot be read and for other schemes', () => {
    expect([versionKey(undefined), versionKey(readVersion('1.0', 'loose'))]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('the bounds of a criterion', () => {
  test('hold the key of every version that meets it', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 3 }), version, (entries, text) => {
        const criterion = versionCriterion(entries.join(','));
        const asked = read(text);
        fc.pre(asked !== undefined && meetsVersion(criterion, asked, text));
        const { low, high } = versionBounds(criterion);
        expect(versionKey(asked)).toBeGreaterThanOrEqual(low);
        expect(versionKey(asked)).toBeLessThanOrEqual(high);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  test.each([
    ['<60.0', '59.9', '61.0'],
    ['>=60.0', '60.0', '59.9'],
    ['60.1', '60.1', '60.2'],
    ['60.*', '60.9.9', '61.0'],
    ['60.1.*', '60.1.9', '60.2'],
    ['3.0,5.0', '4.0', '6.0'],
  ])('of %s lie around %s and not around %s', (text, inside, outside) => {
    const { low, high } = versionBounds(versionCriterion(text));
    const within = [inside, outside].map((each) => versionKey(read(each)) >= low && versionKey(read(each)) <= high);
    expect(within).toEqual([true, false]);
  });

  test('of what cannot be read hold nothing', () => {
    const { low, high } = versionBounds(versionCriterion('junk'));
    expect(low).toBeGreaterThan(high);
  });
});
