import fc from 'fast-check';
import type { SignalCondition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { countEvents } from '../count.ts';
import type { OwnSignal, OwnSignalName } from '../signal.ts';
import { countedFrom, throughMs } from './counted.fixture.ts';

/** What every signal of our own counters keeps to, whatever it is asked. */
export function describeOwnSignal<Name extends OwnSignalName>(
  signal: OwnSignal<Name>,
  queries: readonly NonNullable<SignalCondition[Name]>[],
): void {
  const counts = fc.array(
    fc.record({
      event: fc.constantFrom(...countEvents),
      channel: fc.constantFrom('release', 'beta'),
      version: fc.constantFrom('1.0', '2.0'),
      release: fc.constantFrom('', 'Firefox-2.0'),
      rule: fc.constantFrom(0, 10),
      binMs: fc.integer({ min: throughMs - 3 * 86_400_000, max: throughMs + 60_000 }),
      count: fc.integer({ min: 1, max: 2 ** 40 }),
    }),
    { maxLength: 30 },
  );
  const windows = fc.constantFrom(undefined, 'PT1S', 'PT1H', 'P2D', 'P90D', 'PT0S', 'nonsense');

  describe(`the signal ${signal.name}`, () => {
    test('is never NaN nor negative, is of the time of the counts, and says where it comes from', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...queries), windows, counts, async (query, window, bins) => {
          const asked = { ...query, ...(window !== undefined && { window }) };
          const { value = 0, asOfMs, note } = await signal.read(asked, countedFrom(bins));
          expect(Number.isFinite(value) && value >= 0).toBe(true);
          expect(asOfMs).toBe(throughMs);
          expect(note).not.toBe('');
        }),
        { seed: 5, numRuns: 200 },
      );
    });

    test('is unknown where nothing was ever counted', async () => {
      for (const query of queries) {
        const reading = await signal.read(query, countedFrom([], { throughMs: undefined }));
        expect(reading).toEqual({ asOfMs: 0, note: 'nothing was ever counted' });
      }
    });

    test('repeats what is to be thought of the counts', async () => {
      for (const query of queries) {
        const { note } = await signal.read(query, countedFrom([], { trouble: 'a node is silent' }));
        expect(note).toMatch(/; a node is silent$/);
      }
    });

    test('is unknown over what is no window', async () => {
      for (const query of queries) {
        const reading = await signal.read({ ...query, window: 'P1Y' }, countedFrom([{ event: 'check', count: 5 }]));
        expect(reading.value).toBeUndefined();
      }
    });
  });
}
