import { describe, expect, test } from 'vitest';
import type { AppBlob, AppLocale, Patch } from './blob.ts';
import { aSnapshot, type Objects } from './configuration.fixture.ts';
import { decideOutcome } from './decide.ts';
import { gatherReleases, type ReleasePart, withReleases } from './gather-releases.ts';
import type { Release, Request } from './model.ts';
import { branchOf, outcomeOf } from './outcome.ts';
import { anAppRelease, aRelease } from './release.fixture.ts';
import { aRequest } from './request.fixture.ts';
import { aRule, percent } from './rule.fixture.ts';

const linux = 'Linux_x86_64-gcc3';
const asan = 'Linux_x86_64-gcc3-asan';
const patch = (from: string): Patch => ({ from, filesize: 1, hashValue: 'abc' });

/** An application release whose American English has these patches. */
function patched(version: string, patches: AppLocale, differences: Partial<AppBlob> = {}): Release {
  const platforms = {
    [linux]: { buildID: '2', locales: { 'en-US': patches, de: { completes: [patch('of-german')] } } },
    [asan]: { alias: linux },
    Windows: { buildID: '3', locales: { 'en-US': { completes: [patch('of-windows')] } } },
  };
  return anAppRelease(version, { platforms, ...differences });
}

interface Gathered {
  /** What was read, in order. */
  readonly reads: readonly (readonly [name: string, part: ReleasePart])[];
  readonly names: readonly string[];
}

function gather(objects: Objects, request: Partial<Request> = {}, ticket = 1): Gathered {
  const { releases = [], ...others } = objects;
  const outcome = outcomeOf(aSnapshot(others), aRequest(request));
  const reads: [string, ReleasePart][] = [];
  const branch = branchOf(outcome, 0, () => ticket);
  const gathered = gatherReleases(outcome, branch, (name, part) => {
    reads.push([name, part]);
    return releases.find((release) => release.name === name);
  });
  expect([...gathered.keys()].every((name) => gathered.get(name)?.name === name)).toBe(true);
  return { reads, names: reads.map(([name]) => name) };
}

const half = aRule({ fallback: 'MyApp-1.5', share: percent(50) });
const winning = 1;
const losing = 16_777_214;

describe('what is read for a request', () => {
  test('is the release of the branch and nothing of the other', () => {
    const objects = { rules: [half], releases: [anAppRelease('2.0'), anAppRelease('1.5')] };
    expect(gather(objects, {}, winning).names).toEqual(['MyApp-2.0']);
    expect(gather(objects, {}, losing).names).toEqual(['MyApp-1.5']);
    expect(gather(objects, { forced: 'main' }, losing).names).toEqual(['MyApp-2.0']);
    expect(gather(objects, { forced: 'fallback' }, winning).names).toEqual(['MyApp-1.5']);
    const part = { platforms: [linux], locale: 'en-US' };
    expect(gather(objects, {}, winning).reads).toEqual([['MyApp-2.0', part]]);
  });

  test('is two releases where a patch starts from another one', () => {
    const release = patched('2.0', { completes: [patch('*')], partials: [patch('MyApp-1.0')] });
    const { reads } = gather({ rules: [half], releases: [release, anAppRelease('1.0')] });
    expect(reads.map(([name]) => name)).toEqual(['MyApp-2.0', 'MyApp-1.0']);
    // The older release may know only the one name of the platform or the other.
    expect(reads[1]?.[1]).toEqual({ platforms: [linux, asan], locale: 'en-US' });
  });

  test('names each platform that shares the build, whichever the client asked by', () => {
    const release = patched('2.0', { complete: patch('MyApp-1.0'), partial: patch('MyApp-0.9') });
    const { reads } = gather({ rules: [half], releases: [release] }, { platform: asan });
    expect(reads).toEqual([
      ['MyApp-2.0', { platforms: [asan], locale: 'en-US' }],
      ['MyApp-1.0', { platforms: [asan, linux], locale: 'en-US' }],
      ['MyApp-0.9', { platforms: [asan, linux], locale: 'en-US' }],
    ]);
  });

  test('is read once more, in a larger part, where a patch starts from what was read already', () => {
    const release = patched('2.0', { partials: [patch('MyApp-1.5'), patch('MyApp-2.0'), patch('MyApp-2.0')] });
    const objects = { rules: [half], releases: [release, anAppRelease('1.5')] };
    expect(gather(objects, {}, winning).names).toEqual(['MyApp-2.0', 'MyApp-1.5', 'MyApp-2.0']);
    const again = gather(objects, {}, winning).reads.at(-1)?.[1];
    expect(again).toEqual({ platforms: [linux, asan], locale: 'en-US' });
  });

  test.each([
    ['a stop', { stops: [{ product: 'MyApp' }] }, {}],
    ['a throttle', { throttles: [{ product: 'MyApp', version: '1.0', percent: 0, salt: 'x' }] }, {}],
    ['no rule', { rules: [] }, {}],
    ['a rule that gives nothing', { rules: [{ ...half, release: undefined }] }, {}],
    ['a pin that cannot be read', {}, { pin: 'x' }],
    ['a unit without a name', {}, { unit: { kind: 'id', id: '' } as const }],
    ['a rule without a fallback, and a lost draw', { rules: [aRule({ share: percent(0) })] }, {}],
  ])('is nothing after %s', (_, more, request) => {
    const objects: Objects = { rules: [half], releases: [anAppRelease('2.0')], ...(more as Objects) };
    expect(gather(objects, request).names).toEqual([]);
  });

  test('is the pinned release too, with what its patches start from', () => {
    const pins = [{ product: 'MyApp', channel: 'release', version: '1.', release: 'MyApp-1.9' }];
    const releases = [anAppRelease('2.0'), patched('1.9', { partials: [patch('MyApp-1.8')] })];
    const objects = { rules: [half], pins, releases };
    expect(gather(objects, { pin: '1.' }).names).toEqual(['MyApp-2.0', 'MyApp-1.9', 'MyApp-1.8']);
    expect(gather(objects, { pin: '001.', channel: 'release-cck-x' }).names).toContain('MyApp-1.9');
    expect(gather(objects, { pin: '2.' }).names).toEqual(['MyApp-2.0']);
    expect(gather(objects).names).toEqual(['MyApp-2.0']);
  });

  test('is for a superblob what it names, or what the rules of its products may come to, whatever they draw', () => {
    const rules = [
      aRule({ release: 'All', product: 'MyApp' }),
      aRule({ id: 2, product: 'One', release: 'one', fallback: 'one-before', share: percent(50) }),
      aRule({ id: 3, product: 'Two', release: 'MyApp-2.0', channel: 'beta' }),
      aRule({ id: 4, product: 'Two', release: 'All' }),
    ];
    const one = aRelease('One', { schema_version: 5000, name: 'one', hashFunction: 'sha512' });
    const products = aRelease('MyApp', { schema_version: 4000, name: 'All', products: ['One', 'Two', 'None'] });
    expect(gather({ rules, releases: [products, one] }).names).toEqual(['All', 'one', 'one-before']);
    expect(gather({ rules, releases: [products, one] }, { channel: 'beta' }).names).toContain('MyApp-2.0');
    const blobs = aRelease('MyApp', { schema_version: 4000, name: 'All', blobs: ['one', 'missing', 'one', 'All'] });
    expect(gather({ rules, releases: [blobs, one] }).names).toEqual(['All', 'one', 'missing']);
  });

  test('may be called whatever it likes', () => {
    for (const name of ['__proto__', 'constructor', 'toString', '']) {
      const release = { ...anAppRelease('2.0'), name };
      const rules = [aRule({ release: name })];
      const { names } = gather({ rules, releases: [release] }, { platform: name, locale: name });
      expect(names).toEqual([name]);
    }
  });
});

test('whatever reading throws comes out', () => {
  const outcome = outcomeOf(aSnapshot({ rules: [half] }), aRequest());
  const branch = branchOf(outcome, 0, () => 1);
  const read = () => {
    throw new Error('damaged');
  };
  expect(() => gatherReleases(outcome, branch, read)).toThrow('damaged');
});

test('an outcome with other releases is decided from those', () => {
  const outcome = outcomeOf(aSnapshot({ rules: [aRule()] }), aRequest());
  expect(decideOutcome(outcome, 0, () => 1)).toMatchObject({ kind: 'hold', reason: 'release-missing' });
  const release = anAppRelease('2.0');
  const gathered = withReleases(outcome, new Map([[release.name, release]]));
  expect(decideOutcome(gathered, 0, () => 1)).toMatchObject({ kind: 'serve', release });
  expect(outcome.snapshot.releases.size).toBe(0);
});
