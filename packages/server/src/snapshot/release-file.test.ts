import fc from 'fast-check';
import type { AppBlob, Blob, Release } from 'sluice';
import { describe, expect, test } from 'vitest';
import { arbitraryBlob, schemaVersions } from '../faces/aus/arbitrary-blob.fixture.ts';
import { decodeReleaseFile, decodeReleaseHead, digestOf, encodeReleaseFile, partOf } from './release-file.ts';

/** As a store gives it: a name that an assignment would lose is among the platforms and locales. */
function stored(blob: Blob): Blob {
  return JSON.parse(JSON.stringify(blob).replaceAll(/"(?:mac|en-US)"/g, '"__proto__"'));
}

/** As much of a release as one client needs, and how many blocks were read for it. */
function part(blob: Blob, platforms: readonly string[], locale: string): { release: Release; reads: number } {
  const { bytes } = encodeReleaseFile({ product: 'MyApp', blob });
  let reads = 0;
  const release = partOf('R', decodeReleaseHead(bytes), { platforms, locale }, (offset, length) => {
    reads += 1;
    return bytes.subarray(offset, offset + length);
  });
  return { release, reads };
}

describe.each(schemaVersions)('a release of schema %i', (schemaVersion) => {
  test('comes back from its file as it was, and has the same bytes whenever it is written', () => {
    let strange = 0;
    fc.assert(
      fc.property(arbitraryBlob(schemaVersion, 'ünï"\\\n☃'), fc.string(), (arbitrary, product) => {
        const blob = stored(arbitrary);
        const { sha256, bytes } = encodeReleaseFile({ product, blob });
        expect(decodeReleaseFile(bytes)).toEqual({ product, blob });
        // `toEqual` does not look at what is called `__proto__`.
        const sorted = (value: unknown) => JSON.stringify(value, keysOf(value));
        expect(sorted(decodeReleaseFile(bytes).blob)).toBe(sorted(blob));
        if (JSON.stringify(blob).includes('"__proto__"')) strange += 1;
        expect(digestOf(bytes)).toBe(sha256);
        expect(encodeReleaseFile(JSON.parse(JSON.stringify({ product, blob })))).toEqual({ sha256, bytes });
      }),
      { numRuns: 100 },
    );
    const hasTables = schemaVersion !== 50 && schemaVersion !== 4000;
    expect(strange > 0 || !hasTables).toBe(true);
  });
});

/** All keys in a value, in one order. */
function keysOf(value: unknown): string[] {
  const keys = new Set<string>();
  JSON.stringify(value, (key, inner: unknown) => {
    keys.add(key);
    return inner;
  });
  return [...keys].sort();
}

const blob: AppBlob = {
  schema_version: 9,
  name: 'R',
  appVersion: '2.0',
  platforms: {
    Linux: { buildID: '1', locales: { de: { buildID: '11' }, fr: { displayVersion: 'zwei ☃' } } },
    Mac: { alias: 'Linux', locales: { de: { buildID: 'not this one' } } },
    Bare: { buildID: '3' },
    Empty: { locales: {} },
  },
};

describe('one client’s part of a release', () => {
  test('is its platform in its locale; of the others their names and aliases', () => {
    const { release, reads } = part(blob, ['Linux'], 'fr');
    expect(reads).toBe(1);
    expect(release).toEqual({
      name: 'R',
      product: 'MyApp',
      blob: {
        ...blob,
        platforms: {
          Linux: { buildID: '1', locales: { fr: { displayVersion: 'zwei ☃' } } },
          Mac: { alias: 'Linux' },
          Bare: { buildID: '3' },
          Empty: {},
        },
      },
    });
  });

  test('follows an alias once, and reads a block once that two names lead to', () => {
    const { release, reads } = part(blob, ['Mac', 'Linux'], 'de');
    expect(reads).toBe(1);
    expect((release.blob as AppBlob).platforms).toMatchObject({
      Linux: { locales: { de: { buildID: '11' } } },
      Mac: { alias: 'Linux' },
    });
    expect((release.blob as AppBlob).platforms?.['Mac']).not.toHaveProperty('locales');
  });

  test.each([
    ['Linux', 'it'],
    ['Linux', 'constructor'],
    ['Bare', 'de'],
    ['Empty', 'de'],
    ['BeOS', 'de'],
    ['__proto__', '__proto__'],
    ['constructor', 'toString'],
  ])('is without a block where there is none: %s in %s', (platform, locale) => {
    const { release, reads } = part(blob, [platform], locale);
    expect(reads).toBe(0);
    expect(Object.keys((release.blob as AppBlob).platforms ?? {})).toEqual(['Linux', 'Mac', 'Bare', 'Empty']);
    expect((release.blob as AppBlob).platforms?.['Linux']?.locales ?? {}).toEqual({});
  });

  test('may be called whatever a text can be', () => {
    const strange = JSON.parse('{"__proto__":{"locales":{"__proto__":{"buildID":"7"},"\\ud800":{"buildID":"8"}}}}');
    for (const [locale, buildID] of [
      ['__proto__', '7'],
      ['\ud800', '8'],
    ] as const) {
      const { release } = part({ ...blob, platforms: strange }, ['__proto__'], locale);
      const entry = Object.getOwnPropertyDescriptor((release.blob as AppBlob).platforms, '__proto__')?.value;
      expect(Object.entries(entry.locales)).toEqual([[locale, { buildID }]]);
    }
  });

  test('is everything of a release that has no platforms or is of no application', () => {
    const { platforms: _, ...without } = blob;
    expect(part(without, ['Linux'], 'de')).toEqual({
      release: { name: 'R', product: 'MyApp', blob: without },
      reads: 0,
    });
    const guardian = {
      schema_version: 10_000,
      name: 'G',
      version: '1',
      required: false,
      platforms: { Linux: { fileUrl: 'x' } },
    } as const;
    expect(part(guardian, ['Windows'], 'de').release.blob).toEqual(guardian);
  });

  test('is refused when a single bit of its block is another one', () => {
    const { bytes } = encodeReleaseFile({ product: 'MyApp', blob });
    const head = decodeReleaseHead(bytes);
    const read = (damaged: Buffer) =>
      partOf('R', head, { platforms: ['Linux'], locale: 'fr' }, (offset, length) =>
        damaged.subarray(offset, offset + length),
      );
    const intact = JSON.stringify(read(bytes));
    let refused = 0;
    for (let bit = head.start * 8; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        expect(JSON.stringify(read(damaged))).toBe(intact);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        refused += 1;
      }
    }
    expect(refused).toBe(8 * JSON.stringify({ displayVersion: 'zwei ☃' }).length + 16);
  });
});
