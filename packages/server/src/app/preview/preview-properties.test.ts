import fc from 'fast-check';
import { compile, type Draw, decide, lastTicket } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { SampledLine } from '../../sample/sampled-line.ts';
import type { StoreEdit } from '../../store.ts';
import { toConfiguration } from '../load-configuration.ts';
import { assembleAfter } from './assemble-after.ts';
import { lineComparer } from './compare-line.ts';
import { differenceBetween } from './difference.ts';
import type { Distribution } from './distribution.ts';
import {
  anEdit,
  anyEdits,
  anyLines,
  anyObjects,
  aWorld,
  edited,
  face,
  previewOf,
  type World,
} from './preview-world.fixture.ts';

function comparerOf(world: World, edits: readonly StoreEdit[]) {
  return lineComparer({ before: world, after: assembleAfter(world, world.objects, edits), faces: [face], nowMs: 0 });
}

/** What leads back from what edits make of a world. */
function reversed(world: World, edits: readonly StoreEdit[]): readonly StoreEdit[] {
  return edits.map(({ kind, name }) => {
    const before = world.objects.find((object) => object.kind === kind && object.name === name);
    return anEdit(kind, name, before?.body);
  });
}

function seededDraw(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return 1 + Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * lastTicket);
  };
}

const times = 2000;

/** Pearson's chi squared of real decisions against a distribution, and its degrees of freedom. */
function chiSquared(world: World, line: SampledLine, expected: Distribution, draw: Draw) {
  const snapshot = compile(toConfiguration(1, world.objects));
  const request = face.question({ method: 'GET', ...line });
  if (request === undefined) throw new Error(`no face knows ${line.url}`);
  const wanted = new Map<string, number>();
  for (const { answer, probability } of expected.chances.values())
    wanted.set(answer, (wanted.get(answer) ?? 0) + probability * times);
  const counts = new Map<string, number>();
  for (let time = 0; time < times; time += 1) {
    const decision = decide(snapshot, request, 0, draw);
    const parts = decision.kind === 'serve' ? decision.parts.map(({ release }) => release.name).join(', ') : '';
    const answer =
      decision.kind === 'hold'
        ? `nothing: ${decision.reason}`
        : decision.kind === 'invalid'
          ? `invalid: ${decision.reason}`
          : `${decision.release.name}${decision.release.blob.schema_version === 4000 ? ` [${parts}]` : ''}${decision.updateType === 'major' ? ' (major)' : ''}`;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  for (const answer of counts.keys()) expect([...wanted.keys()]).toContain(answer);
  // A cell that is met less than five times is no sum of many, and is seen by the line above only.
  const cells = [...wanted].filter(([, number]) => number >= 5);
  const value = cells.reduce((sum, [answer, number]) => sum + ((counts.get(answer) ?? 0) - number) ** 2 / number, 0);
  return { value, freedom: Math.max(0, cells.length - 1) };
}

describe('previews of any world', () => {
  test('find no difference where nothing is edited, or everything is written as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyObjects, anyLines, async (objects, lines) => {
        const world = aWorld(objects);
        const again = objects.map(({ kind, name, body }) => anEdit(kind, name, body));
        for (const edits of [[], again]) {
          const { total } = await previewOf(world, edits, lines);
          expect(total).toEqual({ lines: lines.length, differing: 0, expected: 0, noticed: 0 });
        }
      }),
      { seed: 51, numRuns: 200 },
    );
  });

  test('find as much on the way back as on the way there', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(anyObjects, anyEdits, anyLines, async (objects, edits, lines) => {
        const world = aWorld(objects);
        const there = await previewOf(world, edits, lines);
        const back = await previewOf(edited(world, edits), reversed(world, edits), lines);
        found += there.total.expected;
        expect(back.total.differing).toBe(there.total.differing);
        expect(back.total.expected).toBeCloseTo(there.total.expected, 9);
        expect(back.total.noticed).toBeCloseTo(there.total.noticed, 9);
      }),
      { seed: 52, numRuns: 300 },
    );
    expect(found).toBeGreaterThan(100);
  });

  test('know of every line all that it may get, and pass over none that differs', () => {
    let passedOver = 0;
    fc.assert(
      fc.property(anyObjects, anyEdits, anyLines, (objects, edits, lines) => {
        const comparer = comparerOf(aWorld(objects), edits);
        for (const line of lines) {
          const seen = comparer.workOut(line);
          if (seen === undefined) throw new Error(`no face knows ${line.url}`);
          for (const { chances, missing } of [seen.before, seen.after]) {
            const sum = [...chances.values()].reduce((before, { probability }) => before + probability, 0);
            expect(sum).toBeCloseTo(1, 12);
            expect(missing).toBe(0);
          }
          const { distance, noticed, shifts } = differenceBetween(seen.before, seen.after);
          expect(distance).toBeLessThanOrEqual(1 + 1e-9);
          expect(noticed).toBeLessThanOrEqual(distance + 1e-9);
          expect(shifts.reduce((before, { expected }) => before + expected, 0)).toBeCloseTo(distance, 9);
          if (comparer.compare(line)?.kind !== 'same') continue;
          passedOver += 1;
          expect(distance).toBe(0);
        }
      }),
      { seed: 53, numRuns: 500 },
    );
    expect(passedOver).toBeGreaterThan(100);
  });

  test('agree with what is decided when tickets are drawn', () => {
    const draw = seededDraw(54);
    let value = 0;
    let freedom = 0;
    fc.assert(
      fc.property(anyObjects, anyEdits, anyLines, (objects, edits, lines) => {
        const world = aWorld(objects);
        const comparer = comparerOf(world, edits);
        for (const line of lines.slice(0, 2)) {
          const seen = comparer.workOut(line);
          if (seen === undefined) throw new Error(`no face knows ${line.url}`);
          for (const [side, distribution] of [
            [world, seen.before],
            [edited(world, edits), seen.after],
          ] as const) {
            const one = chiSquared(side, line, distribution, draw);
            expect(one.value).toBeLessThan(one.freedom === 0 ? 1e-6 : 40);
            value += one.value;
            freedom += one.freedom;
          }
        }
      }),
      { seed: 55, numRuns: 100 },
    );
    expect(freedom).toBeGreaterThan(50);
    // The sum is chi squared itself: five standard deviations around its mean.
    expect(Math.abs(value - freedom)).toBeLessThan(5 * Math.sqrt(2 * freedom));
  });
});
