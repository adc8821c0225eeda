import { describe, expect, test } from 'vitest';
import { compileStops, stopFor } from './emergency-stop.ts';
import type { EmergencyStop, Request } from './model.ts';
import { aQuery } from './request.fixture.ts';

function holds(stop: Partial<EmergencyStop>, request: Partial<Request>): boolean {
  const stops = compileStops([{ name: 'the stop', version: 1, value: { product: 'MyApp', ...stop } }]);
  return stopFor(stops, aQuery(request))?.name === 'the stop';
}

describe('an emergency stop', () => {
  test.each<readonly [Partial<EmergencyStop>, Partial<Request>, boolean]>([
    [{}, {}, true],
    [{}, { channel: 'beta', locale: 'de', platform: 'WINNT', version: '9.0' }, true],
    [{}, { product: 'Other' }, false],
    [{}, { product: 'myapp' }, false],
    [{ product: 'constructor' }, { product: '__proto__' }, false],
    [{ channel: 'release' }, { channel: 'release' }, true],
    [{ channel: 'release' }, { channel: 'beta' }, false],
    [{ channel: 'release' }, { channel: 'release-cck-acme' }, true],
    [{ channel: 'release-cck-acme' }, { channel: 'release-cck-acme' }, true],
    [{ channel: 'release-cck-acme' }, { channel: 'release' }, false],
    [{ channel: 'release-cck-acme' }, { channel: 'release-cck-other' }, false],
    [{ channel: 'release*' }, { channel: 'releasetest' }, true],
    [{ channel: 'r*' }, { channel: 'release' }, false],
    [{ platform: 'WINNT' }, { platform: 'WINNT' }, true],
    [{ platform: 'WINNT' }, { platform: 'Linux' }, false],
    [{ locale: 'de' }, { locale: 'de' }, true],
    [{ locale: 'de,fr' }, { locale: 'fr' }, true],
    [{ locale: 'de,fr' }, { locale: 'en-US' }, false],
    [{ version: '1.0' }, { version: '1.0' }, true],
    [{ version: '1.0' }, { version: '1.0.1' }, false],
    [{ version: '<2.0' }, { version: '1.9' }, true],
    [{ version: '<2.0' }, { version: '2.0' }, false],
    [{ version: '1.*' }, { version: '1.9.3' }, true],
    [{ version: '1.0,1.1' }, { version: '1.1' }, true],
    [{ channel: 'release', platform: 'WINNT', locale: 'de', version: '1.0' }, {}, false],
    [
      { channel: 'release', platform: 'WINNT', locale: 'de', version: '1.0' },
      { channel: 'release', platform: 'WINNT', locale: 'de', version: '1.0' },
      true,
    ],
  ])('of %j holds %j: %s', (stop, request, expected) => {
    expect(holds(stop, request)).toBe(expected);
  });

  test.each(['no', 'main', 'fallback'] as const)('holds requests whether forced or not: %s', (forced) => {
    expect(holds({}, { forced })).toBe(true);
  });

  test('of a version that nobody can read holds the clients that say the same', () => {
    expect(holds({ version: '60.0esr' }, { version: '60.0esr' })).toBe(true);
    expect(holds({ version: '60.0esr' }, { version: '60.0' })).toBe(false);
  });

  test('of some version holds clients whose version nobody can read', () => {
    expect(holds({ version: '<2.0' }, { version: 'junk' })).toBe(true);
    expect(holds({ version: '<2.0', channel: 'beta' }, { version: 'junk' })).toBe(false);
  });

  test('is one of several: the first that holds is named', () => {
    const stops = compileStops([
      { name: 'one', version: 1, value: { product: 'MyApp', channel: 'beta' } },
      { name: 'two', version: 1, value: { product: 'MyApp', channel: 'release' } },
      { name: 'three', version: 1, value: { product: 'MyApp' } },
    ]);
    expect(stopFor(stops, aQuery())?.name).toBe('two');
    expect(stopFor(stops, aQuery({ channel: 'nightly' }))?.name).toBe('three');
    expect(stopFor(stops, aQuery({ product: 'Other' }))).toBe(undefined);
  });
});
