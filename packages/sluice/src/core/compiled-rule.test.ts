import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleCompiler } from './compiled-rule.ts';
import { criteriaKey, criteriaReader } from './match.ts';
import type { Rule } from './model.ts';
import { aRule, percent } from './rule.fixture.ts';

const text = fc.constantFrom('', '1', '<2.0', '1:', '-', 'a,b', 'y', '1:1', 'a && b');
const asked = fc.record(
  {
    version: text,
    platform: text,
    locale: text,
    osVersion: text,
    buildId: text,
    memory: text,
    instructionSet: text,
    distribution: text,
    distributionVersion: text,
    architecture: text,
    jaws: fc.boolean(),
    mig64: fc.boolean(),
  },
  { requiredKeys: [] },
);
const apart: Partial<Rule> = { id: 2, product: 'Other', channel: 'beta', priority: 1, share: percent(5), release: 'b' };

describe('a compiled rule', () => {
  test('tells its share at a time', () => {
    const share = { kind: 'ramp', points: [{ atMs: 1000, percent: 100, by: 'step' }] } as const;
    const { servingAt } = ruleCompiler()({ version: 7, value: aRule({ share }) });
    expect([servingAt(999), servingAt(1000)]).toEqual([0, 16_777_215]);
  });

  test('shares what it asks for with those that ask for the same, whatever else they say', () => {
    const compile = ruleCompiler();
    fc.assert(
      fc.property(asked, (criteria) => {
        const one = compile({ version: 1, value: aRule(criteria) });
        const other = compile({ version: 2, value: aRule({ ...criteria, ...apart }) });
        expect(other.criteria).toBe(one.criteria);
        expect(one.criteria).toEqual(criteriaReader()(aRule(criteria)));
      }),
      { seed: 1 },
    );
  });

  test('shares each criterion with those that ask for the same in it, whatever else they ask for', () => {
    const compile = ruleCompiler();
    const same = { version: '<2.0', locale: 'de,fr', osVersion: 'a && b', buildId: '>1', memory: '>1' };
    const [one, other] = ['Linux', 'WINNT'].map(
      (platform) => compile({ version: 1, value: aRule({ ...same, platform }) }).criteria,
    );
    expect(one).not.toEqual(other);
    for (const name of ['versions', 'versionBounds', 'locales', 'osVersion', 'buildId', 'memory'] as const) {
      expect(one?.[name], name).toBeTypeOf('object');
      expect(one?.[name], name).toBe(other?.[name]);
    }
  });

  test('shares its percentage and nothing of a ramp', () => {
    const compile = ruleCompiler();
    const servings = [5, 25, 5].map(
      (each) => compile({ version: 1, value: aRule({ share: percent(each) }) }).servingAt,
    );
    expect(servings.map((servingAt) => servingAt(0))).toEqual([838_861, 4_194_304, 838_861]);
    expect(servings[2]).toBe(servings[0]);
    const ramps = [100, 50].map(
      (each) => ({ kind: 'ramp', points: [{ atMs: 0, percent: each, by: 'step' }] }) as const,
    );
    const ramped = ramps.map((share) => compile({ version: 1, value: aRule({ share }) }).servingAt(0));
    expect(ramped).toEqual([16_777_215, 8_388_608]);
  });

  test.each<readonly [string, Partial<Rule>]>(
    Object.entries({
      version: '1',
      platform: '1',
      locale: '1',
      osVersion: '1',
      buildId: '1',
      memory: '1',
      instructionSet: '1',
      distribution: '1',
      distributionVersion: '1',
      architecture: '1',
      jaws: true,
      mig64: true,
    }).map(([name, value]) => [name, { [name]: value }]),
  )('is told apart by its %s', (name, criteria) => {
    const key = criteriaKey(aRule(criteria));
    expect(key).not.toBe(criteriaKey(aRule()));
    const other = criteria[name as keyof Rule] === true ? false : '2';
    expect(key).not.toBe(criteriaKey(aRule({ [name]: other })));
  });

  test('is told apart by texts that look alike when put in a row', () => {
    const keys = [
      criteriaKey(aRule({ platform: '1:a', locale: 'b' })),
      criteriaKey(aRule({ platform: '1', locale: 'a1:b' })),
      criteriaKey(aRule({ platform: '', locale: '1:a1:b' })),
      criteriaKey(aRule({ platform: '-' })),
      criteriaKey(aRule({ locale: '-' })),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
