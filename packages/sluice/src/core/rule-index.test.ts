import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompileRule, ruleCompiler } from './compiled-rule.ts';
import type { Request, Rule } from './model.ts';
import { aQuery, aRequest } from './request.fixture.ts';
import { aRule, firstVersions } from './rule.fixture.ts';
import { findRule, indexRules, type RuleIndex } from './rule-index.ts';

function find(rules: readonly Partial<Rule>[], request: Partial<Request> = {}): number | 'unreadable' | undefined {
  const found = findRule(indexRules(firstVersions(rules.map(aRule))), aQuery(request));
  return typeof found === 'object' ? found.rule.id : found;
}

describe('the rule that decides', () => {
  test('is the one of the highest priority among those that match', () => {
    const rules = [
      { id: 1, priority: 10 },
      { id: 2, priority: 90, product: 'Other' },
      { id: 3, priority: 50 },
    ];
    expect(find(rules)).toBe(3);
    expect(find(rules, { product: 'Other' })).toBe(2);
  });

  test('is the one of the smaller id among equal priorities, in whichever order they came', () => {
    const rules = [{ id: 12 }, { id: 3 }, { id: 7, product: 'MyApp' }, { id: 5, channel: 'rel*' }];
    expect(find(rules)).toBe(3);
    expect(find([...rules].reverse())).toBe(3);
    expect(find(rules.filter(({ id }) => id !== 3))).toBe(5);
  });

  test('is none where none matches', () => {
    expect(find([])).toBe(undefined);
    expect(find([{ product: 'Other' }, { channel: 'beta' }])).toBe(undefined);
  });

  test('may be one without a product or a channel, for products and channels that no rule names', () => {
    const rules = [
      { id: 1, product: 'Other', channel: 'release' },
      { id: 2, channel: 'beta' },
      { id: 3, priority: 1 },
    ];
    expect(find(rules, { product: 'Stranger', channel: 'nowhere' })).toBe(3);
    expect(find(rules, { product: 'Other', channel: 'nowhere' })).toBe(3);
    expect(find(rules, { product: 'Other', channel: 'beta' })).toBe(2);
  });

  test('of a partner may be one for its own channel or for the one it follows, whichever comes first', () => {
    const rules = [
      { id: 1, priority: 50, channel: 'release' },
      { id: 2, priority: 60, channel: 'release-cck-acme' },
      { id: 3, priority: 70, channel: 'release-cck-other' },
    ];
    expect(find(rules, { channel: 'release-cck-acme' })).toBe(2);
    expect(find(rules, { channel: 'release-cck-other' })).toBe(3);
    expect(find(rules, { channel: 'release-cck-new' })).toBe(1);
    expect(find([...rules, { id: 4, priority: 65, channel: 'rele*' }], { channel: 'release-cck-acme' })).toBe(4);
  });

  test('is none with a glob of fewer than three characters, not even for a channel that another rule names', () => {
    const rules = [
      { id: 1, priority: 200, channel: 'b*' },
      { id: 2, priority: 200, channel: '*' },
      { id: 3, channel: 'beta' },
    ];
    expect(find(rules, { channel: 'beta' })).toBe(3);
    expect(find(rules, { channel: 'beta-cck-acme' })).toBe(3);
    expect(find(rules, { channel: 'bogus' })).toBe(undefined);
  });

  test('with an unreadable version harms nothing else', () => {
    const rules = [
      { id: 1, priority: 90, version: 'junk' },
      { id: 2, priority: 50 },
    ];
    expect(find(rules)).toBe(2);
  });

  test('hangs on the version only where a rule that comes first asks for it', () => {
    const version = '60.0esr';
    expect(find([{ id: 1, priority: 200, version: '<2.0' }, { id: 2 }], { version })).toBe('unreadable');
    expect(
      find(
        [
          { id: 1, priority: 200 },
          { id: 2, version: '<2.0' },
        ],
        { version },
      ),
    ).toBe(1);
    expect(find([{ id: 1, priority: 200, version: '<2.0', locale: 'de' }, { id: 2 }], { version })).toBe(2);
  });

  test('hangs on the version for partners as for all others', () => {
    const request = { version: '60.0esr', channel: 'release-cck-acme' };
    const own = { id: 1, channel: 'release-cck-acme' };
    const followed = { id: 2, channel: 'release' };
    expect(
      find(
        [
          { ...own, priority: 200 },
          { ...followed, version: '<2.0' },
        ],
        request,
      ),
    ).toBe(1);
    expect(
      find(
        [
          { ...own, priority: 20 },
          { ...followed, version: '<2.0' },
        ],
        request,
      ),
    ).toBe('unreadable');
    expect(
      find(
        [
          { ...followed, priority: 200 },
          { ...own, version: '<2.0' },
        ],
        request,
      ),
    ).toBe(2);
    expect(
      find(
        [
          { ...followed, priority: 20 },
          { ...own, version: '<2.0' },
        ],
        request,
      ),
    ).toBe('unreadable');
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('may be for a product and a channel named %j', (name) => {
    expect(find([{ product: name, channel: name }], { product: name, channel: name })).toBe(1);
    expect(find([{ product: 'MyApp' }], { product: name, channel: name })).toBe(undefined);
  });
});

/** Whether a rule matches, read straight from its words. Versions are `N.N` here, or cannot be read at all. */
function plainMatch(rule: Rule, request: Request): 'yes' | 'no' | 'unreadable' {
  const one = (asked: unknown, given: unknown) => asked === undefined || asked === given;
  const some = (asked: string | undefined, given: string) => asked === undefined || asked.split(',').includes(given);
  const covers = (channel: string) =>
    rule.channel === undefined ||
    rule.channel === channel ||
    (rule.channel.endsWith('*') && rule.channel.length > 2 && channel.startsWith(rule.channel.slice(0, -1)));
  const channels = [request.channel, request.channel.replace(/-cck-.*/, '')];
  const matches =
    channels.some(covers) &&
    one(rule.product, request.product) &&
    one(rule.platform, request.platform) &&
    one(rule.jaws, request.jaws) &&
    some(rule.locale, request.locale);
  if (!matches) return 'no';
  if (rule.version === undefined) return 'yes';
  if (!/^\d+\.\d+$/.test(request.version)) return 'unreadable';
  const [, less, bound] = /^(<?)([\d.]+)$/.exec(rule.version) ?? [];
  if (bound === undefined) return 'no';
  return (less === '<' ? Number(request.version) < Number(bound) : request.version === bound) ? 'yes' : 'no';
}

/** Rules in a row, the first that matches: no index. */
function plainFind(rules: readonly Rule[], request: Request): number | 'unreadable' | undefined {
  for (const rule of [...rules].sort((a, b) => b.priority - a.priority || a.id - b.id)) {
    const match = plainMatch(rule, request);
    if (match === 'unreadable') return match;
    if (match === 'yes') return rule.id;
  }
  return undefined;
}

const products = ['MyApp', 'Other', 'Third', '__proto__'] as const;
const channels = ['release', 'releasetest', 'beta', 'release-cck-acme', 'release-cck-b', 'beta-cck-acme', ''] as const;
const globs = ['rel*', 'release*', 'release-cck-*', 'be*', 'b*', '*', '**'] as const;

const anyRule = fc.record(
  {
    priority: fc.integer({ min: 0, max: 4 }),
    product: fc.constantFrom(...products.slice(0, 2), '__proto__'),
    channel: fc.constantFrom(...channels, ...globs),
    platform: fc.constantFrom('Linux', 'WINNT'),
    locale: fc.constantFrom('de', 'de,fr', 'fr,en-US'),
    jaws: fc.boolean(),
    version: fc.constantFrom('1.0', '<2.0', '<3.0', 'junk'),
  },
  { requiredKeys: ['priority'] },
);

const anyRequest = fc
  .record({
    product: fc.constantFrom(...products),
    channel: fc.constantFrom(...channels, 'nowhere', 'release-cck-unknown'),
    platform: fc.constantFrom('Linux', 'WINNT'),
    locale: fc.constantFrom('de', 'fr', 'en-US'),
    jaws: fc.constantFrom(true, false, undefined),
    version: fc.constantFrom('1.0', '2.0', '3.0', '60.0esr'),
  })
  .map(aRequest);

test('the index finds what a walk through all rules finds', () => {
  fc.assert(
    fc.property(
      fc.array(anyRule, { maxLength: 12 }),
      fc.array(anyRequest, { minLength: 1, maxLength: 8 }),
      (drafts, requests) => {
        const rules = drafts.map((draft, at) => aRule({ ...draft, id: at + 1 }));
        const index = indexRules(firstVersions([...rules].reverse()));
        for (const request of requests) {
          const found = findRule(index, aQuery(request));
          expect(typeof found === 'object' ? found.rule.id : found).toBe(plainFind(rules, request));
        }
      },
    ),
    { numRuns: 1500 },
  );
});

describe('of 10 000 rules, when one changes', () => {
  const rules = firstVersions(
    Array.from({ length: 10_000 }, (_, at) => aRule({ id: at, product: `Product${at % 50}`, version: `<${at}.0` })),
  );
  const before = indexRules(rules);

  function compiledAnew(after: typeof rules): { readonly ids: readonly number[]; readonly index: RuleIndex } {
    const ids: number[] = [];
    const compile = ruleCompiler();
    const counted: CompileRule = (rule) => {
      ids.push(rule.value.id);
      return compile(rule);
    };
    const index = indexRules(after, before, counted);
    return { ids, index };
  }

  test.each<readonly [string, typeof rules, readonly number[]]>([
    ['altered', rules.map((rule) => (rule.value.id === 5000 ? { ...rule, version: 2 } : rule)), [5000]],
    ['added at the end', [...rules, { version: 1, value: aRule({ id: 10_000 }) }], [10_000]],
    ['added amid them', [...rules.slice(0, 70), { version: 1, value: aRule({ id: -1 }) }, ...rules.slice(70)], [-1]],
    ['taken away', rules.filter(({ value }) => value.id !== 5000), []],
    ['put elsewhere', [...rules.slice(1), ...rules.slice(0, 1)], []],
  ])('only the one that is %s is compiled', (_, after, expected) => {
    const { ids, index } = compiledAnew(after);
    expect(ids).toEqual(expected);
    expect(index.compiled.to.map(({ rule }) => rule)).toEqual(after.map(({ value }) => value));
  });

  test('none is compiled when none changes, and the index is the very same', () => {
    const { ids, index } = compiledAnew([...rules]);
    expect(ids).toEqual([]);
    expect(index).toBe(before);
  });
});
