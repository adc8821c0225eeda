import { describe, expect, test } from 'vitest';
import { isBeyondPin, pinText, readPin } from './pin.ts';
import { readMozillaVersion } from './version.ts';

describe('a pin', () => {
  test.each([
    ['115.', '115.'],
    ['115.3.', '115.3.'],
    ['007.', '7.'],
    ['115.03.', '115.3.'],
    ['0.', '0.'],
  ])('%s is written %s', (text, written) => {
    const pin = readPin(text);
    expect(pin && pinText(pin)).toBe(written);
  });

  test.each(['', '115', '115.3', '.', '.3.', '115..', '115.3.1.', '115.*', ' 115.', '115.\n', 'a.', '-1.', '1e2.'])(
    'cannot be read: %j',
    (text) => {
      expect(readPin(text)).toBe(undefined);
    },
  );

  test.each([
    ['115.', '115.0', false],
    ['115.', '115.99.9', false],
    ['115.', '116.0', true],
    ['115.', '116.0a1', true],
    ['115.', '114.0', false],
    ['115.3.', '115.3.9', false],
    ['115.3.', '115.4', true],
    ['115.3.', '115.2', false],
    ['115.3.', '116.0', true],
    ['115.3.', '114.9', false],
  ])('%s leaves %s beyond: %s', (text, version, expected) => {
    const pin = readPin(text);
    const read = readMozillaVersion(version);
    expect(pin !== undefined && read !== undefined && isBeyondPin(read, pin)).toBe(expected);
  });
});
