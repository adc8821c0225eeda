import { describe, expect, test } from 'vitest';
import { coversChannel, fallbackChannel } from './channel.ts';

describe('the channel that a partner follows', () => {
  test.each([
    ['release', 'release'],
    ['release-cck-acme', 'release'],
    ['release-cck-', 'release'],
    ['release-cck', 'release-cck'],
    ['beta-cck-acme-cck-sub', 'beta'],
    ['-cck-acme', ''],
    ['', ''],
  ])('of %j is %j', (channel, followed) => {
    expect(fallbackChannel(channel)).toBe(followed);
  });
});

describe("a rule's channel", () => {
  test.each([
    ['release', 'release', true],
    ['release', 'Release', false],
    ['release', 'release2', false],
    ['release*', 'release', true],
    ['release*', 'releasetest', true],
    ['release*', 'beta', false],
    ['re*', 'release', true],
    ['r*', 'release', false],
    ['*', 'release', false],
    ['', '', true],
    ['', 'release', false],
    ['r*', 'r*', false],
    ['re*ase', 'release', false],
    ['re.ease', 'release', false],
    ['r.*', 'release', false],
    ['re**', 're*lease', true],
  ])('%j covers %j: %s', (pattern, channel, expected) => {
    expect(coversChannel(pattern, channel)).toBe(expected);
  });
});
