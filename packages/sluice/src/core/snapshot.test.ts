import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aConfiguration } from './configuration.fixture.ts';
import { decide } from './decide.ts';
import type { Configuration, Rule, Versioned } from './model.ts';
import { anAppRelease } from './release.fixture.ts';
import { aRequest } from './request.fixture.ts';
import { aRule, percent } from './rule.fixture.ts';
import { seededDraw } from './seeded-random.fixture.ts';
import { compile, emptyConfiguration, type Snapshot } from './snapshot.ts';

const salt = 't1v9x0q7m1z5c8b2';
const releases = ['2.0', '3.0'].map((version) => anAppRelease(version));

/** The rules of each product and channel, in order, and what is looked at to choose among them. */
function layout({ rules }: Snapshot): unknown {
  const lists = [...rules.byProduct, ['any', rules.anyProduct] as const].map(([product, index]) => {
    const plain = index && [...index.byChannel, ['other', index.otherChannels] as const];
    const channels = plain?.map(([channel, { rules: order, criteria, bounds }]) => {
      expect(order.map((each) => each.criteria)).toEqual(criteria);
      return [channel, order.map(({ rule, version, servingAt }) => [rule, version, servingAt(0)]), criteria, bounds];
    });
    return [product, new Map(channels?.map((each) => [each[0], each]))] as const;
  });
  return new Map(lists);
}

const product = fc.option(fc.constantFrom('MyApp', 'Other', '__proto__'), { nil: undefined, freq: 3 });
const channel = fc.option(fc.constantFrom('release', 'beta', 'rel*', 'release-cck-*', 'b*', 'beta-cck-acme'), {
  nil: undefined,
});
const ruleDraft = fc
  .record({
    id: fc.nat(20),
    priority: fc.nat(2),
    product,
    channel,
    version: fc.option(fc.constantFrom('<2.0', '1.*', '>=2.0', 'junk', '1.0,2.0'), { nil: undefined }),
    locale: fc.option(fc.constantFrom('de', 'de,en-US'), { nil: undefined }),
    share: fc.constantFrom(percent(100), percent(50), {
      kind: 'ramp' as const,
      points: [{ atMs: 0, percent: 50, by: 'step' as const }],
    }),
    release: fc.constantFrom('MyApp-2.0', 'MyApp-3.0'),
  })
  .map(({ product: of, channel: on, version, locale, ...rest }) =>
    aRule({
      ...rest,
      ...(of !== undefined && { product: of }),
      ...(on !== undefined && { channel: on }),
      ...(version !== undefined && { version }),
      ...(locale !== undefined && { locale }),
    }),
  );

type Change = (before: Configuration) => Configuration;

/** Puts a new rule in the place of `removed` others: an addition, an alteration or a deletion. */
const splice: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(30), fc.nat(2), fc.array(ruleDraft, { maxLength: 2 }))
  .map(([place, removed, added]) => (before) => {
    const rules = [...before.rules];
    rules.splice(place % (rules.length + 1), removed, ...added.map((value) => ({ version: 1, value })));
    return { ...before, rules };
  });
const reverse: Change = (before) => ({ ...before, rules: [...before.rules].reverse() });
const others: fc.Arbitrary<Change> = fc
  .constantFrom<Partial<Configuration>>(
    {},
    { throttles: [] },
    { throttles: [{ version: 2, value: { product: 'MyApp', version: '1.0', percent: 50, salt } }] },
    { throttleExceptions: [{ version: 2, value: { version: '1.0', channels: ['beta'] } }] },
    { globalThrottle: { version: 2, value: { on: true, percent: 50, salt } } },
    { globalThrottle: undefined },
    { emergencyStops: [{ name: 'a stop', version: 1, value: { product: 'MyApp', locale: 'de' } }] },
    { emergencyStops: [] },
    { pins: [{ version: 1, value: { product: 'MyApp', channel: 'release', version: '1.', release: 'MyApp-2.0' } }] },
    { releases: releases.slice(1).map((value) => ({ version: 1, value })) },
    { releases: releases.map((value) => ({ version: 2, value })) },
    { fileHosts: [{ version: 1, value: { host: 'example.com', products: ['MyApp'] } }] },
  )
  .map((part) => (before: Configuration) => ({ ...before, ...part }));
const change = fc.oneof({ weight: 4, arbitrary: splice }, others, fc.constant(reverse));

const requests = ['MyApp', 'Other', 'Third'].flatMap((named) =>
  ['release', 'beta', 'beta-cck-acme', 'release-cck-new', 'nowhere'].flatMap((on) =>
    ['1.0', '60.0esr'].map((version, at) =>
      aRequest({ product: named, channel: on, version, locale: at === 0 ? 'de' : 'en-US', pin: '1.' }),
    ),
  ),
);

function decisions(snapshot: Snapshot): unknown {
  const draw = seededDraw(1);
  return requests.map((request) => decide(snapshot, request, 1000, draw));
}

test('after any changes, what is compiled on top of what was is what is compiled anew', () => {
  fc.assert(
    fc.property(
      fc.array(ruleDraft, { maxLength: 8 }),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      (first, changes) => {
        let configuration = aConfiguration({ rules: first, releases });
        let snapshot = compile(configuration);
        for (const make of changes) {
          configuration = { ...make(configuration), revision: configuration.revision + 1 };
          snapshot = compile(configuration, snapshot);
          const fresh = compile(configuration);
          expect(layout(snapshot)).toEqual(layout(fresh));
          const { rules: _, ...parts } = snapshot;
          const { rules: __, ...freshParts } = fresh;
          expect(parts).toEqual(freshParts);
          expect(decisions(snapshot)).toEqual(decisions(fresh));
        }
      },
    ),
    { seed: 1, numRuns: 400 },
  );
});

describe('what has not changed', () => {
  const whole: Configuration = {
    ...aConfiguration({ rules: [aRule()], releases }),
    throttles: [{ version: 1, value: { product: 'MyApp', version: '1.0', percent: 50, salt } }],
    emergencyStops: [{ name: 'a stop', version: 1, value: { product: 'Other' } }],
    pins: [{ version: 1, value: { product: 'MyApp', channel: 'release', version: '1.', release: 'MyApp-2.0' } }],
    fileHosts: [{ version: 1, value: { host: 'example.com' } }],
    populations: [{ version: 1, value: { product: 'MyApp' } }],
    clientKeys: [{ version: 1, value: { key: 'ck_a', product: 'MyApp', perMinute: 1 } }],
  };
  const before = compile(whole);
  const parts = ['stops', 'throttles', 'rules', 'releases', 'pins', 'fileHosts', 'populations', 'clientKeys'] as const;

  test('is taken over, from other lists of the very same objects too', () => {
    const lists = Object.entries(whole).map(([kind, list]) => [kind, Array.isArray(list) ? [...list] : list]);
    const again = compile({ ...Object.fromEntries(lists), revision: 8 } as Configuration, before);
    expect(again.revision).toBe(8);
    for (const part of parts) expect(again[part], part).toBe(before[part]);
  });

  test.each([
    ['emergencyStops', 'stops'],
    ['throttles', 'throttles'],
    ['throttleExceptions', 'throttles'],
    ['globalThrottle', 'throttles'],
    ['rules', 'rules'],
    ['releases', 'releases'],
    ['pins', 'pins'],
    ['fileHosts', 'fileHosts'],
    ['populations', 'populations'],
    ['clientKeys', 'clientKeys'],
  ] as const)('stays when %s change, and only %s are made anew', (kind, changed) => {
    const altered = {
      ...whole,
      throttleExceptions: [{ version: 1, value: { version: '1.0', channels: [] } }],
      globalThrottle: { version: 1, value: { on: true, percent: 1, salt } },
      rules: [...whole.rules, { version: 1, value: aRule({ id: 2 }) }],
      emergencyStops: [],
      throttles: [],
      releases: [],
      pins: [],
      fileHosts: [],
      populations: [],
      clientKeys: [],
    };
    const after = compile({ ...whole, [kind]: altered[kind] }, before);
    for (const part of parts) expect(after[part] === before[part], part).toBe(part !== changed);
  });
});

describe('among 10 000 rules', () => {
  const rules: readonly Versioned<Rule>[] = Array.from({ length: 10_000 }, (_, at) => ({
    version: 1,
    value: aRule({ id: at, product: `Product${at % 50}`, channel: `channel${at % 500}`, version: `<${at % 20}.0` }),
  }));
  const before = compile({ ...emptyConfiguration, rules });

  test('a change of one leaves all other products as they are', () => {
    const value = aRule({ id: 77, product: 'Product27', channel: 'other' });
    const changed = rules.map((rule, at) => (at === 77 ? { version: 2, value } : rule));
    const after = compile({ ...emptyConfiguration, rules: changed }, before);
    for (const [name, index] of after.rules.byProduct) {
      expect(index === before.rules.byProduct.get(name), name).toBe(name !== 'Product27');
    }
    expect(after.rules.byProduct.size).toBe(50);
  });

  test('a new one for all products leaves each product as it is', () => {
    const after = compile(
      { ...emptyConfiguration, rules: [...rules, { version: 1, value: aRule({ id: -1 }) }] },
      before,
    );
    for (const [name, index] of after.rules.byProduct) expect(index).toBe(before.rules.byProduct.get(name));
    expect(decide(after, aRequest({ product: 'Stranger' }), 0, () => 1).rule?.id).toBe(-1);
  });
});
