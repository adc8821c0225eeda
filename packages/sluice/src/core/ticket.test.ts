import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3 } from './murmur3.ts';
import { firstTicket, lastTicket, ticket, toTicket } from './ticket.ts';

/** Any UTF-16 code unit, halves of surrogate pairs included. */
const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

const salt = 'k3v9x0q7m1z5c8b2';

describe('a ticket', () => {
  test('is an integer from 1 to 16 777 214, whatever the salt and the id', () => {
    fc.assert(
      fc.property(fc.string({ unit: codeUnit }), fc.string({ unit: codeUnit }), (anySalt, unitId) => {
        const drawn = ticket(anySalt, unitId);
        expect(Number.isInteger(drawn)).toBe(true);
        expect(drawn).toBeGreaterThanOrEqual(1);
        expect(drawn).toBeLessThanOrEqual(16_777_214);
      }),
      { numRuns: 300 },
    );
  });

  test('is the top 24 bits of the hash of salt, colon and id', () => {
    fc.assert(
      fc.property(fc.string(), (unitId) => {
        const top = Math.floor(murmur3(`${salt}:${unitId}`) / 256);
        expect(ticket(salt, unitId)).toBe(top === 0 ? 1 : top === 0xffffff ? 0xfffffe : top);
      }),
    );
  });

  test.each([
    [0x00000000, 1],
    [0x000000ff, 1],
    [0x00000100, 1],
    [0x000001ff, 1],
    [0x00000200, 2],
    [0xfffffdff, 16_777_213],
    [0xfffffe00, 16_777_214],
    [0xfffffeff, 16_777_214],
    [0xffffff00, 16_777_214],
    [0xffffffff, 16_777_214],
  ])('is kept clear of both ends: hash %i gives %i', (hash, expected) => {
    expect(toTicket(hash)).toBe(expected);
  });

  test('lies between the named first and last', () => {
    expect([firstTicket, lastTicket]).toEqual([1, 2 ** 24 - 2]);
  });

  test('is the same at every call, and another for another salt', () => {
    expect(ticket(salt, 'install-42')).toBe(ticket(salt, 'install-42'));
    expect(ticket(salt, 'install-42')).not.toBe(ticket('k3v9x0q7m1z5c8b3', 'install-42'));
  });

  test('takes an id as it is: case and blanks count', () => {
    const ids = ['install-42', 'Install-42', ' install-42', 'install-42 ', 'install-42\0', 'install-42\n'];
    expect(new Set(ids.map((id) => ticket(salt, id))).size).toBe(ids.length);
  });

  test('does not normalise: a composed letter and a decomposed one are two ids', () => {
    expect(ticket(salt, '\u00e9')).not.toBe(ticket(salt, 'e\u0301'));
  });

  test('takes lone surrogates for U+FFFD', () => {
    expect(ticket(salt, 'a\ud800')).toBe(ticket(salt, 'a\ufffd'));
  });
});
