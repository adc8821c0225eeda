import fc from 'fast-check';
import { meetsText, meetsVersion, readVersion, textCriterion, versionCriterion } from 'sluice';
import { describe, expect, test } from 'vitest';
import { type RuleBody, rule } from '../kinds/rule.ts';
import { mayBothMatch } from './may-both-match.ts';

const body = (more: Partial<RuleBody>): RuleBody => rule.schema.parse({ priority: 1, ...more });

function both(a: Partial<RuleBody>, b: Partial<RuleBody>): boolean {
  const answer = mayBothMatch(body(a), body(b));
  expect(mayBothMatch(body(b), body(a))).toBe(answer);
  return answer;
}

test.each<[Partial<RuleBody>, Partial<RuleBody>, boolean]>([
  [{}, {}, true],
  [{ version: '<2.0' }, {}, true],
  [{ version: '<2.0' }, { version: '2.0' }, false],
  [{ version: '<=2.0' }, { version: '2.0' }, true],
  [{ version: '<=2.0' }, { version: '>=2.0' }, true],
  [{ version: '<2.0' }, { version: '>=2.0' }, false],
  [{ version: '<3.0' }, { version: '>2.0' }, true],
  [{ version: '>3.0' }, { version: '<2.0' }, false],
  [{ version: '<1.0' }, { version: '<2.0' }, true],
  [{ version: '1.0,2.0' }, { version: '2.0,3.0' }, true],
  [{ version: '1.0,2.0' }, { version: '3.0' }, false],
  [{ version: '115.*' }, { version: '115.3' }, true],
  [{ version: '115.*' }, { version: '116.3' }, false],
  [{ version: '115.*' }, { version: '115.3.*' }, true],
  [{ version: '115.*' }, { version: '116.*' }, false],
  [{ version: '115.*' }, { version: '<2.0' }, true],
  [{ version: '<x!' }, { version: '<x!' }, false],
  [{ buildId: '<2026' }, { buildId: '2026' }, false],
  [{ buildId: '<=2026' }, { buildId: '2026' }, true],
  [{ memory: '>=8192' }, { memory: '<4096' }, true],
  [{ memory: 'much' }, { memory: '<4096' }, false],
  [{ platform: 'x' }, { platform: 'y' }, false],
  [{ mig64: false }, { mig64: true }, false],
  [{ locale: 'de,fr' }, { locale: 'it,fr' }, true],
  [{ distribution: 'a' }, { distribution: 'b,c' }, false],
])('%j and %j meet: %s', (a, b, answer) => {
  expect(both(a, b)).toBe(answer);
});

describe('whenever something meets both', () => {
  const operator = fc.constantFrom('', '<', '<=', '>', '>=');
  const version = fc.tuple(operator, fc.nat(3), fc.nat(3)).map(([sign, major, minor]) => `${sign}${major}.${minor}`);
  const prefix = fc.nat(3).map((major) => `${major}.*`);
  const criterion = fc.array(fc.oneof(version, prefix), { minLength: 1, maxLength: 3 }).map((list) => list.join(','));

  test('in its version, they are said to meet', () => {
    fc.assert(
      fc.property(criterion, criterion, fc.nat(4), fc.nat(4), (a, b, major, minor) => {
        const text = `${major}.${minor}`;
        const read = readVersion(text, 'mozilla');
        const meets = (one: string): boolean => read !== undefined && meetsVersion(versionCriterion(one), read, text);
        if (meets(a) && meets(b)) expect(both({ version: a }, { version: b })).toBe(true);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  test('in its build id, they are said to meet', () => {
    const buildId = fc.tuple(operator, fc.nat(9)).map(([sign, number]) => `${sign}${number}`);
    fc.assert(
      fc.property(buildId, buildId, fc.nat(9), (a, b, number) => {
        const meets = (one: string): boolean => {
          const read = textCriterion(one);
          return read !== undefined && meetsText(read, String(number));
        };
        if (meets(a) && meets(b)) expect(both({ buildId: a }, { buildId: b })).toBe(true);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
