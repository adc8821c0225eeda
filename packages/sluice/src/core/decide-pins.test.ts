import { describe, expect, test } from 'vitest';
import { aSnapshot, type Objects } from './configuration.fixture.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Pin, Request } from './model.ts';
import { anAppRelease } from './release.fixture.ts';
import { aRequest } from './request.fixture.ts';
import { aRule, percent } from './rule.fixture.ts';

const pins: readonly Pin[] = [
  { product: 'MyApp', channel: 'release', version: '1.', release: 'MyApp-1.9' },
  { product: 'MyApp', channel: 'release', version: '1.2.', release: 'MyApp-1.2.5' },
  { product: 'MyApp', channel: 'release', version: '0.', release: 'MyApp-gone' },
];
const world: Objects = {
  rules: [aRule()],
  releases: ['2.0', '1.9', '1.2.5'].map((version) => anAppRelease(version)),
  pins,
};

function decided(request: Partial<Request>, objects: Objects = world, ticket = 1): Decision {
  return decide(aSnapshot(objects), aRequest(request), 0, () => ticket);
}

function outcome(request: Partial<Request>, objects: Objects = world, ticket = 1): string {
  const decision = decided(request, objects, ticket);
  return decision.kind === 'serve' ? `${decision.admitted} ${decision.release.name}` : decision.reason;
}

describe('a pin', () => {
  test.each([
    ['1.', 'main MyApp-1.9'],
    ['1.2.', 'main MyApp-1.2.5'],
    ['01.', 'main MyApp-1.9'],
    ['2.', 'main MyApp-2.0'],
    ['2.0.', 'main MyApp-2.0'],
    ['99.', 'main MyApp-2.0'],
  ])('at %s gives %s', (pin, expected) => {
    expect(outcome({ pin })).toBe(expected);
  });

  test('that nobody knows has no effect, and the decision says so', () => {
    expect(outcome({ pin: '1.7.' })).toBe('main MyApp-2.0');
    expect(decided({ pin: '1.7.' }).pin).toEqual({ line: '1.7.', release: undefined });
  });

  test('that is known is named with its release', () => {
    expect(decided({ pin: '01.' })).toMatchObject({
      pin: { line: '1.', release: 'MyApp-1.9' },
      candidate: 'MyApp-1.9',
      parts: [{ product: 'MyApp', release: { name: 'MyApp-1.9' } }],
    });
  });

  test('that has no say is not named', () => {
    expect(decided({ pin: '2.' }).pin).toBe(undefined);
  });

  test('whose release is missing holds', () => {
    expect(outcome({ pin: '0.', version: '0.1' })).toBe('release-missing');
  });

  test('whose release refuses gives nothing: neither the newest nor the fallback', () => {
    expect(outcome({ pin: '1.', version: '1.9.1' })).toBe('not-newer');
    expect(outcome({ pin: '1.', version: '1.9', buildId: '20260201000000' })).toBe('not-newer');
    const elsewhere = anAppRelease('1.9', { platforms: { WINNT: { buildID: '1', locales: { 'en-US': {} } } } });
    expect(outcome({ pin: '1.' }, { ...world, releases: [anAppRelease('2.0'), elsewhere] })).toBe('platform-missing');
    expect(outcome({ pin: '1.', version: '1.9' }, { ...world, releases: [anAppRelease('2.0'), elsewhere] })).toBe(
      'unknown-platform',
    );
  });

  test('whose release lies beyond it is served all the same', () => {
    const odd = [{ product: 'MyApp', channel: 'release', version: '1.', release: 'MyApp-1.9' }];
    const releases = [anAppRelease('2.0'), anAppRelease('1.9', { appVersion: '3.0' })];
    expect(outcome({ pin: '1.' }, { ...world, pins: odd, releases })).toBe('main MyApp-1.9');
  });

  test('is of a product and a channel, a partner having that of the channel it follows', () => {
    expect(outcome({ pin: '1.', channel: 'release-cck-acme' })).toBe('main MyApp-1.9');
    expect(outcome({ pin: '1.', channel: 'beta' })).toBe('main MyApp-2.0');
    expect(outcome({ pin: '1.', product: 'Other' })).toBe('main MyApp-2.0');
  });

  test('comes after the draw, for the fallback as for the release', () => {
    const drawn = { ...world, rules: [aRule({ share: percent(50), fallback: 'MyApp-1.9' })] };
    expect(outcome({ pin: '1.2.' }, drawn, 16_777_214)).toBe('fallback MyApp-1.2.5');
    expect(outcome({ pin: '1.' }, drawn, 16_777_214)).toBe('fallback MyApp-1.9');
    expect(outcome({ pin: '1.2.' }, drawn, 1)).toBe('main MyApp-1.2.5');
    const alone = { ...world, rules: [aRule({ share: percent(50) })] };
    expect(outcome({ pin: '1.2.' }, alone, 16_777_214)).toBe('outside-share');
  });
});
