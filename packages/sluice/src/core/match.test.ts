import { describe, expect, test } from 'vitest';
import type { Request, Rule } from './model.ts';
import { aQuery } from './request.fixture.ts';
import { aRule, firstVersions } from './rule.fixture.ts';
import { findRule, indexRules } from './rule-index.ts';

function match(rule: Partial<Rule>, request: Partial<Request>): boolean | 'unreadable' {
  const found = findRule(indexRules(firstVersions([aRule(rule)])), aQuery(request));
  return found === 'unreadable' ? found : found !== undefined;
}

type Row = readonly [rule: Partial<Rule>, request: Partial<Request>, expected: boolean];

const texts: readonly Row[] = [
  [{ product: 'MyApp' }, { product: 'MyApp' }, true],
  [{ product: 'MyApp' }, { product: 'myapp' }, false],
  [{ product: 'MyApp' }, { product: '' }, false],
  [{ platform: 'WINNT_x86-msvc' }, { platform: 'WINNT_x86-msvc' }, true],
  [{ platform: 'WINNT_x86-msvc' }, { platform: 'WINNT_x86_64-msvc' }, false],
  [{ platform: 'WINNT,Linux' }, { platform: 'Linux' }, false],
  [{ architecture: 'PPC' }, { architecture: 'PPC' }, true],
  [{ architecture: 'PPC' }, { architecture: 'Intel' }, false],
  [{ architecture: 'PPC' }, { architecture: undefined }, false],
  [{ distributionVersion: '1.19' }, { distributionVersion: '1.19' }, true],
  [{ distributionVersion: '1.19' }, { distributionVersion: '1.20' }, false],
  [{ distributionVersion: '1.19' }, { distributionVersion: undefined }, false],
];

const channels: readonly Row[] = [
  [{ channel: 'release' }, { channel: 'release' }, true],
  [{ channel: 'release' }, { channel: 'releasetest' }, false],
  [{ channel: 'release*' }, { channel: 'releasetest' }, true],
  [{ channel: 're*' }, { channel: 'release' }, true],
  [{ channel: 'r*' }, { channel: 'release' }, false],
  [{ channel: '*' }, { channel: 'release' }, false],
  [{ channel: 'release' }, { channel: 'release-cck-acme' }, true],
  [{ channel: 'release-cck-acme' }, { channel: 'release-cck-acme' }, true],
  [{ channel: 'release-cck-acme' }, { channel: 'release' }, false],
  [{ channel: 'release-cck-*' }, { channel: 'release-cck-acme' }, true],
  [{ channel: 'rel*' }, { channel: 'release-cck-acme' }, true],
  [{ channel: 'beta' }, { channel: 'release-cck-beta' }, false],
];

const lists: readonly Row[] = [
  [{ locale: 'de' }, { locale: 'de' }, true],
  [{ locale: 'de,fr' }, { locale: 'fr' }, true],
  [{ locale: 'de,fr' }, { locale: 'en-US' }, false],
  [{ locale: 'de, fr' }, { locale: 'fr' }, false],
  [{ locale: 'de, fr' }, { locale: ' fr' }, true],
  [{ locale: 'de' }, { locale: 'de-AT' }, false],
  [{ locale: 'de,' }, { locale: '' }, true],
  [{ instructionSet: 'SSE2,SSE3' }, { instructionSet: 'SSE3' }, true],
  [{ instructionSet: 'SSE2' }, { instructionSet: 'SSE3' }, false],
  [{ instructionSet: 'SSE2, SSE3' }, { instructionSet: 'SSE3' }, false],
  [{ instructionSet: 'SSE2' }, { instructionSet: '' }, false],
  [{ distribution: 'acme,default' }, { distribution: 'default' }, true],
  [{ distribution: 'acme' }, { distribution: 'default' }, false],
  [{ distribution: 'acme, default' }, { distribution: 'default' }, false],
];

const facts: readonly Row[] = [
  [{ jaws: true }, { jaws: true }, true],
  [{ jaws: true }, { jaws: false }, false],
  [{ jaws: false }, { jaws: false }, true],
  [{ jaws: false }, { jaws: true }, false],
  [{ jaws: false }, { jaws: undefined }, false],
  [{ jaws: true }, { jaws: undefined }, false],
  [{ mig64: true }, { mig64: true }, true],
  [{ mig64: true }, { mig64: false }, false],
  [{ mig64: false }, { mig64: false }, true],
  [{ mig64: false }, { mig64: undefined }, false],
  [{ memory: '8192' }, { memoryMb: 8192 }, true],
  [{ memory: '<8192' }, { memoryMb: 8192 }, false],
  [{ memory: '>=8192' }, { memoryMb: 8192 }, true],
  [{ memory: '<8192' }, { memoryMb: undefined }, true],
  [{ memory: 'much' }, { memoryMb: 8192 }, false],
  [{ memory: 'much' }, { memoryMb: undefined }, true],
];

const orders: readonly Row[] = [
  [{ buildId: '20260101000000' }, { buildId: '20260101000000' }, true],
  [{ buildId: '20260101000000' }, { buildId: '20260102000000' }, false],
  [{ buildId: '<20260101000000' }, { buildId: '20251231000000' }, true],
  [{ buildId: '>9' }, { buildId: '10' }, false],
  [{ buildId: '<=' }, { buildId: '10' }, false],
  [{ buildId: '' }, { buildId: '' }, false],
  [{ osVersion: 'Windows_NT 6,Linux' }, { osVersion: 'Linux 6.1' }, true],
  [{ osVersion: 'Windows_NT 6 && x64' }, { osVersion: 'Windows_NT 6.1 (x64)' }, true],
  [{ osVersion: 'Windows_NT 6 && x64' }, { osVersion: 'Windows_NT 6.1' }, false],
  [{ osVersion: 'Windows_NT 6,' }, { osVersion: 'Linux 6.1' }, true],
  [{ osVersion: 'Windows_NT 6' }, { osVersion: '' }, false],
  [{ version: '1.0' }, { version: '1.0' }, true],
  [{ version: '<2.0' }, { version: '1.0' }, true],
  [{ version: '<1.0' }, { version: '1.0' }, false],
  [{ version: '1.*' }, { version: '1.0.8' }, true],
  [{ version: '0.9,1.0' }, { version: '1.0' }, true],
  [{ version: 'junk,1.0' }, { version: '1.0' }, true],
  [{ version: 'junk' }, { version: '1.0' }, false],
  [{ version: '<=2.9', product: 'Guardian' }, { version: '2.9-beta', product: 'Guardian' }, false],
  [{ version: '<2.10', product: 'Guardian' }, { version: '2.9-beta', product: 'Guardian' }, true],
];

describe.each([
  ['plain text', texts],
  ['a channel', channels],
  ['a list', lists],
  ['a fact', facts],
  ['an order', orders],
] as const)('a rule that asks for %s', (_, rows) => {
  test.each(rows)('%j matches %j: %s', (rule, request, expected) => {
    expect(match(rule, request)).toBe(expected);
  });
});

describe('a rule', () => {
  test('that asks for nothing matches everything', () => {
    expect(match({}, {})).toBe(true);
    expect(match({}, { product: '', version: 'junk', channel: '', locale: '', memoryMb: undefined })).toBe(true);
  });

  test('that asks for several things wants all of them', () => {
    const rule = { product: 'MyApp', channel: 'release', locale: 'de', version: '<2.0' };
    expect(match(rule, { locale: 'de' })).toBe(true);
    for (const one of [{ product: 'Other' }, { channel: 'beta' }, { locale: 'fr' }, { version: '2.0' }]) {
      expect(match(rule, { locale: 'de', ...one })).toBe(false);
    }
  });

  test('that asks about a version which cannot be read says so, unless something else has already said no', () => {
    expect(match({ version: '<2.0' }, { version: '60.0esr' })).toBe('unreadable');
    expect(match({ version: '60.*' }, { version: '60.0esr' })).toBe('unreadable');
    expect(match({ version: '<2.0', locale: 'de' }, { version: '60.0esr' })).toBe(false);
    expect(match({ locale: 'en-US' }, { version: '60.0esr' })).toBe(true);
  });
});
