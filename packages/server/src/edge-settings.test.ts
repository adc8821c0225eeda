import { describe, expect, test } from 'vitest';
import { edgeSettings } from './edge-settings.ts';

describe('the settings of edges', () => {
  test('take tokens that cannot be guessed and can stand in a header', () => {
    const token = 'x'.repeat(32);
    expect(edgeSettings.parse({ tokens: [token], token })).toMatchObject({ tokens: [token], token });
    for (const wrong of ['x'.repeat(31), `${token} `, `${token}\n`, `${token}é`, 'x'.repeat(1025)]) {
      expect(edgeSettings.safeParse({ tokens: [wrong] }).success, wrong).toBe(false);
      expect(edgeSettings.safeParse({ token: wrong }).success, wrong).toBe(false);
    }
  });

  test('take the address of a node, in which no secret and no question can stand', () => {
    for (const from of ['http://127.0.0.1:8081', 'https://node.example.org/sluice/', 'http://[::1]:8081']) {
      expect(edgeSettings.parse({ from }).from).toBe(from);
    }
    const wrong = [
      '',
      'node',
      '127.0.0.1:8081',
      'ftp://a',
      'http://me@a',
      'http://me:x@a',
      'http://a?x=1',
      'http://a#x',
    ];
    for (const from of wrong) expect(edgeSettings.safeParse({ from }).success, from).toBe(false);
  });
});
