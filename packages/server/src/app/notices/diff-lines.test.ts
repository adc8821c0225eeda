import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differencesOf } from './diff-lines.ts';

const rule = { kind: 'rule', name: '10' } as const;

test('an object that is made, altered or deleted is told part by part', () => {
  const before = { priority: 1, salt: 'a', share: { kind: 'percent', percent: 25 }, locale: ['de', 'fr'] };
  const ramp = {
    kind: 'ramp',
    points: [{ at: '2026-12-01T00:00:00Z', percent: 1 }],
    rollback: { at: '2026-12-02T00:00:00Z', percent: 0 },
  };
  const after = { priority: 1, salt: 'b', share: ramp, product: 'Firefox' };
  expect(differencesOf([{ ...rule, before, after }])).toEqual([
    {
      ...rule,
      field: 'share',
      before: '25 %',
      after: 'ramp, back to 0 % from 2026-12-02T00:00:00Z, 1 % from 2026-12-01T00:00:00Z',
    },
    { ...rule, field: 'locale', before: '["de","fr"]', after: '' },
    { ...rule, field: 'product', before: '', after: 'Firefox' },
  ]);
  expect(differencesOf([{ ...rule, before: undefined, after: { priority: 1 } }])).toEqual([
    { ...rule, field: '', before: '', after: 'new' },
    { ...rule, field: 'priority', before: '', after: '1' },
  ]);
  expect(differencesOf([{ ...rule, before, after: undefined }])).toEqual([
    { ...rule, field: '', before: 'is there', after: 'deleted' },
  ]);
  expect(differencesOf([{ ...rule, before, after: before }])).toEqual([]);
});

test('a release of many megabytes is told in short, and soon', () => {
  const blob = { files: Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`file-${i}`, 'x'.repeat(20)])) };
  const [, found] = differencesOf([{ kind: 'release', name: 'a', before: undefined, after: { blob } }]);
  expect(found?.field).toBe('blob');
  expect(found?.after.length).toBeLessThanOrEqual(120);
});

test('any two bodies are told in short lines of visible characters', () => {
  const body = fc.option(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 })), {
    nil: undefined,
  });
  fc.assert(
    fc.property(body, body, (before, after) => {
      for (const { field, before: was, after: is } of differencesOf([{ ...rule, before, after }])) {
        for (const text of [field, was, is]) {
          expect(text).not.toMatch(/\p{Cc}/u);
          expect(Array.from(text).length).toBeLessThanOrEqual(120);
        }
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});
