import fc from 'fast-check';
import type { Release } from 'sluice';
import { describe, expect, test } from 'vitest';
import { checkBlob } from '../../kinds/blobs/index.ts';
import { decisionOf, snapshotOf } from './answer.fixture.ts';
import { allowedHost, arbitraryBlob, arbitraryRequest, schemaVersions } from './arbitrary-blob.fixture.ts';
import { type Element, readXml } from './element.fixture.ts';
import { renderJson } from './guardian-json.ts';
import { renderXml } from './render.ts';

const product = 'MyApp';
const others: fc.Arbitrary<readonly Release[]> = fc
  .tuple(...['a', 'b', 'c'].map((name) => fc.constantFrom(...schemaVersions).chain((one) => arbitraryBlob(one, name))))
  .map((blobs) => blobs.map((blob) => ({ name: blob.name, product, blob })));

/** Every address that a client would fetch files from. */
function fileUrlsIn({ name, attributes, children }: Element): readonly string[] {
  const own = ['patch', 'addon', 'mirror'].includes(name) ? [attributes['URL'] ?? ''] : [];
  return [...own, ...children.flatMap(fileUrlsIn)];
}

describe.each(schemaVersions)('any release of schema %i', (schemaVersion) => {
  const blobs = arbitraryBlob(schemaVersion, 'main');

  test('that is sound in its structure answers any request in well-formed XML or JSON, with files from known hosts only', () => {
    let served = 0;
    fc.assert(
      fc.property(blobs, others, arbitraryRequest, (blob, releases, request) => {
        expect(checkBlob(blob).faults).toEqual([]);
        // Superblobs find the products `a`, `b` and `c`; one of them is at a share.
        const rules = releases.map(({ name }, at) => ({
          product: name,
          release: name,
          share: { kind: 'percent' as const, percent: at === 0 ? 50 : 100 },
        }));
        const hosts = [{ host: allowedHost, products: [product, 'a', 'b', 'c'] }];
        const settings = { forceUrlPrefixes: [`https://${allowedHost}/`] };
        const snapshot = snapshotOf(blob, { others: releases, hosts, rules, settings });

        const decision = decisionOf(snapshot, request);
        const xml = renderXml(decision, request, snapshot);
        const json = renderJson(decision, request, snapshot);

        if (decision.kind === 'serve') served += 1;
        expect(json === undefined).toBe(decision.kind !== 'serve' || schemaVersion !== 10_000);
        if (json !== undefined) expect(JSON.parse(json)).toBeTypeOf('object');
        if (xml === undefined) {
          expect(json).toBeDefined();
          return;
        }
        const root = readXml(xml);
        expect(root.name).toBe('updates');
        for (const url of fileUrlsIn(root)) expect(url).toMatch(new RegExp(`^https://${allowedHost}(?:/|$)`));
      }),
      { numRuns: 200 },
    );
    // Or else the property says nothing.
    expect(served).toBeGreaterThan(5);
  });
});
