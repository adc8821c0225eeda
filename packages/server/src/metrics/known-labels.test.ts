import fc from 'fast-check';
import { compile } from 'sluice';
import { describe, expect, test } from 'vitest';
import { snapshotNaming } from './decision.fixture.ts';
import { knownLabels } from './known-labels.ts';

describe('a request is counted', () => {
  const snapshot = snapshotNaming(
    [
      { product: 'Firefox', channel: 'release' },
      { product: 'Firefox', channel: 'beta*' },
      { product: 'Firefox', channel: 'beta-local*' },
      { product: 'MyApp' },
      { channel: 'nightly' },
    ],
    ['Thunderbird'],
    ['esr'],
  );

  test.each([
    ['Firefox', 'release', 'Firefox', 'release'],
    ['Firefox', 'release-cck-acme', 'Firefox', 'release'],
    ['Firefox', 'beta', 'Firefox', 'beta'],
    ['Firefox', 'beta-cck-acme', 'Firefox', 'beta'],
    ['Firefox', 'beta-cdntest', 'Firefox', 'beta*'],
    ['Firefox', 'beta-localtest', 'Firefox', 'beta-local*'],
    ['Firefox', 'made-up', 'Firefox', 'other'],
    ['Firefox', 'nightly', 'Firefox', 'nightly'],
    ['Firefox', 'esr', 'Firefox', 'esr'],
    ['MyApp', 'release', 'MyApp', 'release'],
    ['MyApp', 'beta-cck-acme', 'MyApp', 'beta'],
    ['MyApp', 'made-up', 'MyApp', 'other'],
    ['Thunderbird', 'release', 'Thunderbird', 'other'],
    ['MyApp', 'nightly', 'MyApp', 'nightly'],
    ['Thunderbird', 'nightly', 'Thunderbird', 'nightly'],
    ['Thunderbird', 'esr', 'Thunderbird', 'esr'],
    ['made-up', 'nightly', 'other', 'nightly'],
    ['made-up', 'made-up', 'other', 'other'],
    ['', '', 'other', 'other'],
    ['__proto__', 'constructor', 'other', 'other'],
  ])('of %s on %s as %s on %s', (product, channel, countedProduct, countedChannel) => {
    expect(knownLabels(snapshot, { product, channel })).toEqual({ product: countedProduct, channel: countedChannel });
  });

  test('under the names of a client key too', () => {
    const clientKeys = [
      { version: 1, value: { key: 'ck_a', product: 'MyApp', channels: ['canary', 'made*'], perMinute: 1 } },
      { version: 1, value: { key: 'ck_b', product: 'Only', perMinute: 1 } },
    ];
    const keyed = compile({ ...snapshot.configuration, clientKeys });
    expect(knownLabels(keyed, { product: 'MyApp', channel: 'canary-cck-acme' }).channel).toBe('canary');
    expect(knownLabels(keyed, { product: 'MyApp', channel: 'made-up' }).channel).toBe('made*');
    expect(knownLabels(keyed, { product: 'Firefox', channel: 'canary' }).channel).toBe('other');
    expect(knownLabels(keyed, { product: 'Only', channel: 'made-up' })).toEqual({ product: 'Only', channel: 'other' });
  });

  test('under few names, whatever clients make up', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.string(), fc.string(), (product, channel) => {
        const labels = knownLabels(snapshot, { product, channel });
        seen.add(`${labels.product} ${labels.channel}`);
      }),
      { seed: 5, numRuns: 2000 },
    );
    expect(seen.size).toBeLessThanOrEqual(5 * 8);
  });
});
