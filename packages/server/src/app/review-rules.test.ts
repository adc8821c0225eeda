import { describe, expect, test } from 'vitest';
import { type RuleBody, rule } from '../kinds/rule.ts';
import { afterOf } from './after.fixture.ts';
import { reviewRules } from './review-rules.ts';

type Fields = Partial<Omit<RuleBody, 'share'>> & { readonly share?: unknown };

const body = (more: Fields) => rule.schema.parse({ priority: 100, ...more });

/** What is said of one rule among others. */
function notesOf(
  name: string,
  rules: Readonly<Record<string, Fields>>,
  edited: readonly string[] = [name],
): readonly string[] {
  const bodies = Object.fromEntries(Object.entries(rules).map(([each, more]) => [each, body(more)]));
  const findings = reviewRules(name, bodies[name] as RuleBody, afterOf({ rule: bodies }), new Set(edited));
  for (const { code } of findings) expect(code).toBeUndefined();
  return findings.map(({ path, message }) => [...path, message].join(': '));
}

const first = { priority: 200 };

describe('a share', () => {
  const ramp = { kind: 'ramp', points: [{ at: '2026-12-01T10:00:00Z', percent: 100 }] };

  test.each<[Fields, number]>([
    [{ release: 'a', share: 99.99999 }, 1],
    [{ release: 'a', share: 0 }, 1],
    [{ release: 'a', share: ramp }, 1],
    [{ release: 'a', share: 100 }, 0],
    [{ release: 'a', fallback: 'b', share: 50 }, 0],
    [{ release: 'a', fallback: 'b', share: ramp }, 0],
    [{ share: 50 }, 0],
  ])('in %j has %i notes', (more, notes) => {
    const said = 'share: no fallback: whoever loses the draw gets nothing';
    expect(notesOf('1', { '1': more })).toEqual(Array.from({ length: notes }, () => said));
  });
});

describe('a rule is never asked', () => {
  test.each<[Fields, Fields]>([
    [{}, {}],
    [{}, { product: 'P', channel: 'beta', version: '<2', locale: 'de', jaws: true }],
    [{ product: 'P' }, { product: 'P' }],
    [{ channel: 'rel*' }, { channel: 'release' }],
    [{ channel: 'rel*' }, { channel: 'release*' }],
    [{ channel: 'release' }, { channel: 'release-cck-acme' }],
    [{ channel: 'release*' }, { channel: 'release-cck-acme' }],
    [{ locale: 'de,fr,it' }, { locale: 'it,de' }],
    [{ version: '1.0, <0.5' }, { version: '<0.5' }],
    [{ osVersion: 'a&&b,c' }, { osVersion: 'c' }],
    [
      { memory: '>=8192', platform: 'x' },
      { memory: '>=8192', platform: 'x', buildId: '<5' },
    ],
    [{ release: 'a', share: 1 }, { release: 'b' }],
  ])('behind one with %j, when it has %j', (wide, narrow) => {
    const rules = { '1': { ...wide, ...first }, '2': narrow };
    expect(notesOf('2', rules)).toContain('never asked: rule 1 decides all that it matches');
    expect(notesOf('1', rules)).toContain('rule 2 is never asked: this one decides all that they match');
  });

  test.each<[Fields, Fields]>([
    [{ product: 'P' }, {}],
    [{ product: 'P' }, { product: 'Q' }],
    [{ channel: 'release' }, {}],
    [{ channel: 'release' }, { channel: 'rel*' }],
    [{ channel: 'r*' }, { channel: 'release' }],
    [{ channel: 'release-cck-acme' }, { channel: 'release' }],
    [{ channel: 'release' }, { channel: 'release-acme' }],
    [{ locale: 'de,fr' }, { locale: 'de,it' }],
    [{ locale: 'de' }, {}],
    [{ version: '<2' }, { version: '<1' }],
    [{ memory: '>=8192' }, { memory: '>=16384' }],
    [{ jaws: false }, {}],
    [{ jaws: false }, { jaws: true }],
  ])('but is behind one with %j, when it has %j', (wide, narrow) => {
    expect(notesOf('2', { '1': { ...wide, ...first }, '2': narrow })).toEqual([]);
  });

  test('when it has the greater number among equals', () => {
    expect(notesOf('10', { '9': {}, '10': {} })).toEqual(['never asked: rule 9 decides all that it matches']);
    expect(notesOf('9', { '9': {}, '10': {} })).toEqual([
      'rule 10 is never asked: this one decides all that they match',
    ]);
  });

  test('and a few of many are named', () => {
    const many = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [number, { product: 'P' }]));
    expect(notesOf('9', { ...many, '9': first })).toEqual([
      'rules 1, 2, 3 and 2 more are never asked: this one decides all that they match',
    ]);
  });
});

describe('equal priorities', () => {
  const note = (name: string) => `priority: rule ${name} is of the same priority, where the smaller number decides`;

  test.each<[Fields, Fields]>([
    [{ locale: 'de' }, { version: '<2' }],
    [{ locale: 'de,fr' }, { locale: 'fr,it' }],
    [{ product: 'P' }, { channel: 'beta' }],
    [
      { channel: 'release', locale: 'de' },
      { channel: 'release*', platform: 'x' },
    ],
  ])('of %j and %j settle nothing', (one, other) => {
    expect(notesOf('1', { '1': one, '2': other })).toEqual([note('2')]);
    expect(notesOf('2', { '1': one, '2': other })).toEqual([note('1')]);
  });

  test.each<[Fields, Fields]>([
    [{ product: 'P' }, { product: 'Q' }],
    [{ channel: 'release' }, { channel: 'beta' }],
    [{ channel: 'rel*' }, { channel: 'beta' }],
    [{ locale: 'de,fr' }, { locale: 'it' }],
    [{ platform: 'x' }, { platform: 'y' }],
    [{ jaws: true, locale: 'de' }, { jaws: false }],
    [{ priority: 99, locale: 'de' }, { version: '<2' }],
    [{ version: '<1.0.5' }, { version: '1.0.5' }],
  ])('of %j and %j meet in no request', (one, other) => {
    expect(notesOf('1', { '1': one, '2': other })).toEqual([]);
  });

  test('are told once when both rules are edited', () => {
    const rules = { '1': { locale: 'de' }, '2': { version: '<2' } };
    expect(notesOf('1', rules, ['1', '2'])).toEqual([]);
    expect(notesOf('2', rules, ['1', '2'])).toEqual([note('1')]);
  });
});

test('ten thousand rules are looked at within seconds', () => {
  const rules = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [
      i,
      body({
        product: `P${i % 10}`,
        channel: `c${i % 7}`,
        priority: i % 1000,
        version: `${i}.0`,
        release: 'a',
        share: 1,
      }),
    ]),
  );
  const after = afterOf({ rule: rules });
  const edited = new Set(Object.keys(rules));
  const startedMs = performance.now();
  const notes = Object.entries(rules).flatMap(([name, one]) => reviewRules(name, one, after, edited));
  expect(notes).toHaveLength(10_000);
  const tookMs = performance.now() - startedMs;
  console.info(`10 000 rules reviewed in ${Math.round(tookMs)} ms`);
  expect(tookMs).toBeLessThan(20_000);
});

test('of many rules at one place that are edited together the first are compared, and that it ends there is told once', () => {
  const one = body({ product: 'P', channel: 'c', release: 'a' });
  const rules = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [i, one]));
  const after = afterOf({ rule: rules });
  const edited = new Set(Object.keys(rules));
  const notes = Object.keys(rules).map((name) => reviewRules(name, one, after, edited).map(({ message }) => message));
  const ended = notes.findIndex((said) => said.some((message) => message.includes('not compared')));
  expect(ended).toBeGreaterThan(500);
  expect(notes.slice(1, ended).every((said) => said.length > 0)).toBe(true);
  expect(notes.slice(ended + 1).every((said) => said.length === 0)).toBe(true);
});
