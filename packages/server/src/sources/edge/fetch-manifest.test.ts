import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../problem.ts';
import { writeManifest } from '../../snapshot/manifest-file.ts';
import type { Mark, StoredObject } from '../../store.ts';
import { type Fetched, fetchManifest } from './fetch-manifest.ts';

/** Fetches what a node that is trusted gives as a manifest. */
async function fetched(text: string, before?: Fetched): Promise<Fetched | Problem> {
  const headers = new Headers({ ETag: '"x"' });
  const link = { ask: async () => ({ status: 200, headers, bytes: Buffer.from(text) }) };
  try {
    return await fetchManifest(link, { check: async () => {} }, before, 1_000_000);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** A manifest of objects with these fields, whatever they are. */
function manifestOf(lines: readonly (readonly unknown[])[], mark: unknown = { revision: 1, commit: 'c' }): string {
  const objects = lines.map(([kind, name, version, revision, body]) => ({ kind, name, version, revision, body }));
  return writeManifest({ mark: mark as Mark, objects: objects as unknown as readonly StoredObject[] });
}

const throttle = ['throttle', 'a', 1, 1, {}];
const release = ['release', 'a', 1, 1, { product: 'a', sha256: 'a'.repeat(64) }];

describe('a manifest', () => {
  test('that says anything at all is one, or a Problem', async () => {
    const field = fc.oneof(fc.constantFrom(...throttle, ...release), fc.jsonValue());
    const text = fc.oneof(
      fc.array(fc.array(field)).map((lines) => manifestOf(lines)),
      fc.string(),
      fc.json(),
    );
    const property = fc.asyncProperty(text, async (said) => {
      const found = await fetched(said);
      if (found instanceof Problem) expect(found.code).toBe('source-not-trusted');
      else
        for (const { name, version } of found.manifest.objects)
          expect([typeof name, typeof version]).toEqual(['string', 'number']);
    });
    await fc.assert(property, { numRuns: 500, seed: 3 });
  });

  test('of the right form is taken', async () => {
    const found = await fetched(manifestOf([throttle, release]));
    expect(found).toMatchObject({ tag: '"x"', manifest: { mark: { revision: 1, commit: 'c' } } });
  });

  test.each([
    ['the digest', { ...(release[4] as object), sha256: `../${'a'.repeat(61)}` }],
    ['its case', { ...(release[4] as object), sha256: 'A'.repeat(64) }],
    ['more than the place', { ...(release[4] as object), content: '' }],
    ['the product', { ...(release[4] as object), product: 1 }],
  ])('in which a release has %s wrong is refused', async (_, body) => {
    expect(await fetched(manifestOf([[...release.slice(0, 4), body]]))).toMatchObject({ code: 'source-not-trusted' });
  });

  test.each([{}, { revision: 1 }, { revision: 'x', commit: '' }, { revision: 1, commit: 'a"\r\n' }])(
    'with the mark %j is refused',
    async (mark) => {
      expect(await fetched(manifestOf([], mark))).toMatchObject({ code: 'source-not-trusted' });
    },
  );
});
