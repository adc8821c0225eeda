import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmur3 } from './murmur3.ts';

/** The same hash in its plainest form: whole blocks, then the tail, over bytes that Node encodes. */
function plainMurmur3(bytes: Buffer): number {
  const mask = 0xffffffffn;
  const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (32n - by))) & mask;
  const scramble = (block: bigint) => (rotate((block * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
  const whole = bytes.length - (bytes.length % 4);
  let hash = 0n;
  for (let at = 0; at < whole; at += 4) {
    hash = (rotate(hash ^ scramble(BigInt(bytes.readUInt32LE(at))), 13n) * 5n + 0xe6546b64n) & mask;
  }
  if (whole < bytes.length) hash ^= scramble(BigInt(bytes.readUIntLE(whole, bytes.length - whole)));
  hash ^= BigInt(bytes.length);
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & mask;
  hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(hash ^ (hash >> 16n));
}

describe('the hash', () => {
  // Published vectors of MurmurHash3_x86_32 with seed 0.
  test.each([
    ['', 0x00000000],
    ['\0\0\0\0', 0x2362f9de],
    ['\0\0\0', 0x85f0b427],
    ['\0\0', 0x30f4c306],
    ['\0', 0x514e28b7],
    ['test', 0xba6bd213],
    ['Hello, world!', 0xc0363e43],
    ['hello', 0x248bfa47],
    ['hello, world', 0x149bbb7f],
    ['19 Jan 2038 at 3:14:07 AM', 0xe31e8a70],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
    ['The quick brown fox jumps over the lazy dog.', 0xd5c48bfc],
  ])('gives the published value for %j', (text, hash) => {
    expect(murmur3(text)).toBe(hash);
  });

  test('agrees with a plain implementation over the bytes of any text, lone surrogates included', () => {
    const any = fc.nat(0xffff);
    const surrogate = fc.integer({ min: 0xd7ff, max: 0xe000 });
    const ascii = fc.nat(0x7f);
    const codeUnits = fc.array(fc.oneof(any, surrogate, ascii), { maxLength: 30 });
    fc.assert(
      fc.property(codeUnits, (units) => {
        const text = String.fromCharCode(...units);
        expect(murmur3(text)).toBe(plainMurmur3(Buffer.from(new TextEncoder().encode(text))));
      }),
      { numRuns: 1000 },
    );
  });

  test('agrees with a plain implementation over whole characters', () => {
    const characters = fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 20 });
    fc.assert(
      fc.property(characters, (points) => {
        const text = String.fromCodePoint(...points);
        expect(murmur3(text)).toBe(plainMurmur3(Buffer.from(text, 'utf8')));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['two bytes', 'é', [0xc3, 0xa9]],
    ['three bytes', '漢', [0xe6, 0xbc, 0xa2]],
    ['four bytes', '🦊', [0xf0, 0x9f, 0xa6, 0x8a]],
    ['the last code point', '\u{10ffff}', [0xf4, 0x8f, 0xbf, 0xbf]],
    ['the first of two bytes', '\u0080', [0xc2, 0x80]],
    ['the last of two bytes', '\u07ff', [0xdf, 0xbf]],
    ['the first of three bytes', '\u0800', [0xe0, 0xa0, 0x80]],
    ['a NUL in the middle', 'a\0b', [0x61, 0x00, 0x62]],
  ])('reads UTF-8: %s', (_, text, bytes) => {
    expect(murmur3(text)).toBe(plainMurmur3(Buffer.from(bytes)));
  });

  test.each([
    ['a high one at the end', 'a\ud800', 'a\ufffd'],
    ['a low one at the start', '\udc00a', '\ufffda'],
    ['two high ones before a low one', '\ud83e\ud83e\udd8a', '\ufffd\u{1f98a}'],
    ['a pair the wrong way round', '\udd8a\ud83e', '\ufffd\ufffd'],
    ['a high one before a letter', '\ud83ex', '\ufffdx'],
  ])('takes a lone surrogate for U+FFFD: %s', (_, lone, replaced) => {
    expect(murmur3(lone)).toBe(murmur3(replaced));
  });

  test('is an unsigned 32-bit integer', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = murmur3(text);
        expect(hash).toBe(hash >>> 0);
      }),
    );
  });
});
