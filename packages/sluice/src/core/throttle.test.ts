import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Request } from './model.ts';
import { aQuery } from './request.fixture.ts';
import { firstVersions } from './rule.fixture.ts';
import { compileThrottles, throttleFor } from './throttle.ts';

const salt = 't1v9x0q7m1z5c8b2';
const myApp = { product: 'MyApp', version: '1.0', percent: 0, salt };
const other = { product: 'Other', version: '1.0', percent: 5, salt };
const newer = { product: 'MyApp', version: '2.0', percent: 25, salt };
const exception = { version: '1.0', channels: ['betatest', 'releasetest'] };

function nameFor(global: boolean | undefined, request: Partial<Request>): string | undefined {
  const throttles = compileThrottles(
    firstVersions([myApp, other, newer]),
    firstVersions([exception]),
    global === undefined ? undefined : { version: 1, value: { on: global, percent: 50, salt } },
  );
  return throttleFor(throttles, aQuery(request))?.name;
}

describe('the throttle that a request meets', () => {
  test.each([
    ['the specific one of its product and version', {}, 'MyApp/1.0', 'MyApp/1.0'],
    ['that of another product at the same version', { product: 'Other' }, 'Other/1.0', 'Other/1.0'],
    ['that of another version of the product', { version: '2.0' }, 'MyApp/2.0', 'MyApp/2.0'],
    ['the global one at a version without any', { version: '3.0' }, undefined, 'global'],
    ['the global one for a product without any', { product: 'Stranger' }, undefined, 'global'],
    ['the global one in a channel that is excepted', { channel: 'betatest' }, undefined, 'global'],
    ['the global one there for any product', { product: 'Other', channel: 'betatest' }, undefined, 'global'],
    ['the specific one there at another version', { version: '2.0', channel: 'betatest' }, 'MyApp/2.0', 'MyApp/2.0'],
    ['the specific one where the version is another text', { version: '1.0.0' }, undefined, 'global'],
    ['the specific one where the channel is another text', { channel: 'Betatest' }, 'MyApp/1.0', 'MyApp/1.0'],
    ['the global one for partners of an excepted channel', { channel: 'betatest-cck-acme' }, undefined, 'global'],
    ['the specific one for partners of another', { channel: 'release-cck-betatest' }, 'MyApp/1.0', 'MyApp/1.0'],
    ['none by an inherited name', { product: '__proto__', version: 'constructor' }, undefined, 'global'],
  ])('is %s', (_, request, whileGlobalIsOff, whileGlobalIsOn) => {
    expect(nameFor(undefined, request)).toBe(whileGlobalIsOff);
    expect(nameFor(false, request)).toBe(whileGlobalIsOff);
    expect(nameFor(true, request)).toBe(whileGlobalIsOn);
  });

  test('is what the words say: specific unless excepted, else global when on, else none', () => {
    const product = fc.constantFrom('MyApp', 'Other');
    const version = fc.constantFrom('1.0', '2.0');
    const channel = fc.constantFrom('release', 'beta', 'betatest');
    const throttles = fc.uniqueArray(fc.record({ product, version }), {
      selector: (each) => `${each.product} ${each.version}`,
    });
    const exceptions = fc.uniqueArray(fc.record({ version, channels: fc.uniqueArray(channel) }), {
      selector: (each) => each.version,
    });
    const request = fc.record({ product, version, channel });
    fc.assert(
      fc.property(throttles, exceptions, fc.boolean(), request, (specific, excepted, on, asked) => {
        const compiled = compileThrottles(
          firstVersions(specific.map((each) => ({ ...each, percent: 10, salt }))),
          firstVersions(excepted),
          { version: 1, value: { on, percent: 20, salt } },
        );
        const has = specific.some((each) => each.product === asked.product && each.version === asked.version);
        const free = excepted.some((each) => each.version === asked.version && each.channels.includes(asked.channel));
        const expected = has && !free ? `${asked.product}/${asked.version}` : on ? 'global' : undefined;
        expect(throttleFor(compiled, aQuery(asked))?.name).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('has the percentage, the now-serving number and the salt of its own', () => {
    const throttles = compileThrottles(firstVersions([newer]), [], undefined);
    expect(throttleFor(throttles, aQuery({ version: '2.0' }))).toEqual({
      name: 'MyApp/2.0',
      percent: 25,
      serving: 4_194_304,
      salt,
    });
  });
});
