import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Blob } from './blob.ts';
import { decide, decideOutcome } from './decide.ts';
import type { Decision, HoldReason, Invalid } from './decision.ts';
import type { Configuration, Ramp, Request, Rule, Share } from './model.ts';
import { type Branch, branchOf, outcomeOf } from './outcome.ts';
import { compile } from './snapshot.ts';
import { firstTicket, lastTicket } from './ticket.ts';

/** Any UTF-16 code unit, halves of surrogate pairs included. */
const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

/** Few enough that a request meets what is configured, and strange enough to hurt. */
const strange = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 're*', '*', 'a,b', 'a&&b,', 'release-cck-x'),
  fc.string({ unit: codeUnit, maxLength: 6 }),
);
const oneOf = (...usual: readonly string[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: strange });
const product = oneOf('MyApp', 'MyApp', 'Guardian');
const channel = oneOf('release', 'release-cck-x');
const platformName = oneOf('Linux', 'Linux', 'WINNT');
const localeName = oneOf('de');
const releaseName = oneOf('R1', 'R2', 'R3', 'R4');
const word = fc.oneof(product, channel, platformName, localeName, releaseName);
const version = oneOf(
  '1.0',
  '2.0',
  '3.0',
  '60.0a1',
  '2.0.0.20',
  '60.0esr',
  '59',
  '<2.0',
  '>=1.0',
  '1.*',
  'x,1.0',
  '1.',
);
const number = fc.oneof(fc.integer({ min: -1, max: 101 }), fc.double());
const percentage = fc.oneof(fc.constantFrom(0, 50, 100), number);
const words = fc.array(word, { maxLength: 3 });
const dictionary = <T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(key, value), { maxLength: 3 }).map((entries): Record<string, T> => Object.fromEntries(entries));

const by = fc.constantFrom('step' as const, 'line' as const);
const rampPoint = fc.record({ atMs: number, percent: number, by });
const pause = fc.record({ fromMs: number, toMs: number }, { requiredKeys: ['fromMs'] });
const ramp: fc.Arbitrary<Ramp> = fc.record(
  {
    kind: fc.constant('ramp' as const),
    points: fc.array(rampPoint, { maxLength: 3 }),
    pauses: fc.array(pause, { maxLength: 2 }),
    rollback: fc.record({ atMs: number, percent: number }),
  },
  { requiredKeys: ['kind', 'points'] },
);
const share: fc.Arbitrary<Share> = fc.oneof(
  fc.record({ kind: fc.constant('percent' as const), percent: percentage }),
  ramp,
);

/** At most two criteria, or hardly any request would meet them. */
const criteria = fc.array(
  fc.oneof(
    fc.record({ product }),
    fc.record({ version }),
    fc.record({ channel }),
    fc.record({ platform: platformName }),
    fc.record({ buildId: version }),
    fc.record({ locale: localeName }),
    fc.record({ osVersion: word }),
    fc.record({ memory: version }),
    fc.record({ instructionSet: word }),
    fc.record({ jaws: fc.boolean(), mig64: fc.boolean() }),
    fc.record({ distribution: word, distributionVersion: word }),
    fc.record({ architecture: word }),
  ),
  { maxLength: 2 },
);
const rule: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.record(
      {
        id: fc.nat(9),
        priority: number,
        release: releaseName,
        fallback: releaseName,
        share,
        updateType: fc.constantFrom('minor' as const, 'major' as const),
        salt: word,
      },
      { requiredKeys: ['id', 'priority', 'share', 'updateType', 'salt'] },
    ),
    criteria,
  )
  .map(([base, asked]): Rule => Object.assign(base, ...asked));

const locale = fc.record(
  { buildID: fc.oneof(word, fc.nat()), appVersion: version, extv: version },
  { requiredKeys: [] as const },
);
const platform = fc.record(
  { alias: platformName, buildID: word, locales: dictionary(localeName, locale) },
  { requiredKeys: ['locales'] },
);
const hashFunction = fc.constant('sha512');
const blob: fc.Arbitrary<Blob> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        schema_version: fc.constantFrom(1 as const, 2 as const, 4 as const, 9 as const),
        name: word,
        extv: version,
        appVersion: oneOf('2.0', '3.0', '60.0', '60.0esr'),
        platforms: dictionary(platformName, platform),
      },
      { requiredKeys: ['schema_version', 'name', 'appVersion', 'platforms'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        schema_version: fc.constant(4000 as const),
        name: word,
        products: fc.array(product, { maxLength: 3 }),
        blobs: fc.array(releaseName, { maxLength: 3 }),
      },
      { requiredKeys: ['schema_version', 'name'] },
    ),
  },
  fc.record({ schema_version: fc.constant(50 as const), name: word, detailsUrl: word, displayVersion: word }),
  fc.record({ schema_version: fc.constant(5000 as const), name: word, hashFunction }),
  fc.record({ schema_version: fc.constant(1000 as const), name: word, hashFunction, vendors: fc.constant({}) }),
  fc.record({
    schema_version: fc.constant(10_000 as const),
    name: word,
    version,
    required: fc.boolean(),
    platforms: dictionary(platformName, fc.record({ fileUrl: word })),
  }),
);

const several = <T>(value: fc.Arbitrary<T>, maxLength: number, minLength = 0) =>
  fc.array(fc.record({ version: fc.nat(9), value }), { minLength, maxLength });
const stop = fc.record(
  { product, channel, platform: platformName, version, locale: localeName },
  { requiredKeys: ['product'] },
);
const host = fc.record({
  host: word,
  products: words,
  paths: fc.array(fc.record({ pattern: word, products: words }), { maxLength: 2 }),
});
const configuration: fc.Arbitrary<Configuration> = fc.record({
  revision: fc.nat(),
  rules: several(rule, 6),
  releases: several(fc.record({ name: releaseName, product, blob }), 8, 4),
  throttles: several(fc.record({ product, version, percent: percentage, salt: word }), 1),
  throttleExceptions: several(fc.record({ version, channels: words }), 2),
  globalThrottle: fc.option(
    fc.record({ version: fc.nat(9), value: fc.record({ on: fc.boolean(), percent: percentage, salt: word }) }),
    { nil: undefined, freq: 2 },
  ),
  emergencyStops: fc.array(fc.record({ name: word, version: fc.nat(9), value: stop }), { maxLength: 1 }),
  pins: several(fc.record({ product, channel, version, release: releaseName }), 2),
  fileHosts: several(host, 2),
  populations: several(fc.record({ product }), 2),
  clientKeys: several(fc.record({ key: word, product, perMinute: fc.nat(9) }), 2),
  settings: fc.constant({ forceUrlPrefixes: [], signedProducts: [] }),
});

const unit = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('id' as const), id: fc.oneof(fc.constant(''), word) }),
);
const optionally = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const request: fc.Arbitrary<Request> = fc.record({
  product,
  version,
  buildId: version,
  platform: platformName,
  locale: localeName,
  channel,
  osVersion: word,
  instructionSet: word,
  memoryMb: optionally(number),
  jaws: optionally(fc.boolean()),
  mig64: optionally(fc.boolean()),
  distribution: word,
  distributionVersion: optionally(word),
  architecture: optionally(word),
  pin: fc.option(oneOf('1.', '1.2.', '2.'), { nil: undefined, freq: 2 }),
  forced: fc.constantFrom('no' as const, 'main' as const, 'fallback' as const),
  unit,
});
/** The two tickets on either side of 50 % among them. */
const anyTicket = fc.oneof(fc.constantFrom(8_388_607, 8_388_608), fc.integer({ min: firstTicket, max: lastTicket }));
const tickets = fc.array(anyTicket, { minLength: 1, maxLength: 4 });

/** Every reason there is: the compiler sees to it that none is left out. */
const reasons = Object.keys({
  stopped: true,
  throttled: true,
  'no-rule': true,
  'no-release': true,
  'outside-share': true,
  'unit-missing': true,
  'release-missing': true,
  'no-version': true,
  'not-newer': true,
  'platform-missing': true,
  'invalid-version': true,
  'invalid-pin': true,
  'unknown-platform': true,
  'unknown-locale': true,
} satisfies Record<HoldReason | Invalid['reason'], true>);

interface Observed {
  readonly decision: Decision;
  readonly draws: number;
}

function observe(from: Configuration, asked: Request, nowMs: number, numbers: readonly number[]): Observed {
  let draws = 0;
  const decision = decide(compile(from), asked, nowMs, () => {
    draws += 1;
    return numbers[(draws - 1) % numbers.length] ?? firstTicket;
  });
  return { decision, draws };
}

function wayOf(decision: Decision, { forced }: Request): Branch['to'] {
  if (decision.kind === 'serve') return decision.admitted;
  if (decision.reason === 'throttled' || decision.reason === 'unit-missing') return decision.reason;
  if (decision.reason === 'outside-share') return 'fallback';
  if (decision.candidate === undefined) return 'settled';
  if (decision.share !== undefined) return decision.share.admitted ? 'main' : 'fallback';
  return forced === 'main' ? 'main' : 'fallback';
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}

describe('over any configuration and any request', () => {
  test('a decision is made, never an error, and it is one of the three', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(configuration, request, number, tickets, (from, asked, nowMs, numbers) => {
        const { decision } = observe(from, asked, nowMs, numbers);
        const what = decision.kind === 'serve' ? decision.admitted : decision.reason;
        seen.set(what, (seen.get(what) ?? 0) + 1);
        expect(decision.revision).toBe(from.revision);
      }),
      { seed: 1, numRuns: 2500 },
    );
    expect([...seen.keys()].sort()).toEqual([...reasons, 'main', 'fallback'].sort());
  });

  test('the same arguments give the same decision, and none of them is changed', () => {
    fc.assert(
      fc.property(configuration, request, number, tickets, (from, asked, nowMs, numbers) => {
        const first = observe(freeze(from), freeze(asked), nowMs, numbers);
        expect(observe(from, asked, nowMs, numbers)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  test('the branch that ready answers are kept for is the one that the decision took, draw for draw', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(configuration, request, number, tickets, (from, asked, nowMs, numbers) => {
        const { decision } = observe(from, asked, nowMs, numbers);
        let draws = 0;
        const branch = branchOf(outcomeOf(compile(from), asked), nowMs, () => {
          draws += 1;
          return numbers[(draws - 1) % numbers.length] ?? firstTicket;
        });
        seen.add(branch.index);
        expect(branch.to).toBe(wayOf(decision, asked));
        // What the products of a superblob draw is not the branch's.
        if (decision.kind !== 'serve' || decision.products === undefined) expect(branch.drawn).toBe(decision.drawn);
      }),
      { seed: 3, numRuns: 4000 },
    );
    expect(seen.size).toBeGreaterThan(7);
  });

  test('it counts as drawn exactly when a ticket was drawn or the unit had a say', () => {
    fc.assert(
      fc.property(configuration, request, number, tickets, word, (from, asked, nowMs, numbers, other) => {
        const { decision, draws } = observe(from, asked, nowMs, numbers);
        if (asked.unit.kind === 'none') {
          expect(decision.drawn).toBe(draws > 0);
          return;
        }
        expect(draws).toBe(0);
        if (decision.drawn || other === '') return;
        const another = { ...asked, unit: { kind: 'id', id: other } } as const;
        expect(observe(from, another, nowMs, numbers).decision).toEqual(decision);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is not drawn is the same whatever the tickets', () => {
    fc.assert(
      fc.property(configuration, request, number, tickets, tickets, (from, asked, nowMs, numbers, others) => {
        const { decision } = observe(from, asked, nowMs, numbers);
        if (!decision.drawn) expect(observe(from, asked, nowMs, others).decision).toEqual(decision);
      }),
      { numRuns: 300 },
    );
  });

  test('who takes the same branch gets the same answer for the same reason', () => {
    const single = configuration.map((from) => ({
      ...from,
      // Each product of a superblob draws for itself, which no branch tells.
      releases: from.releases.filter(({ value }) => value.blob.schema_version !== 4000),
    }));
    fc.assert(
      fc.property(single, request, number, tickets, tickets, (from, asked, nowMs, numbers, others) => {
        const outcome = outcomeOf(compile(from), asked);
        const [one, other] = [numbers, others].map((queue) => {
          const drawFrom = (left: number[]) => () => left.shift() ?? firstTicket;
          const { throttle: _, share: __, ...answer } = decideOutcome(outcome, nowMs, drawFrom([...queue]));
          return { branch: branchOf(outcome, nowMs, drawFrom([...queue])), answer };
        });
        if (one?.branch.index === other?.branch.index) expect(one).toEqual(other);
      }),
      { numRuns: 1000 },
    );
  });
});
