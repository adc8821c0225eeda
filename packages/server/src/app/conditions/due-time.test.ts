import fc from 'fast-check';
import { type Condition, evaluate, leavesOf } from 'sluice';
import { describe, expect, test } from 'vitest';
import { dueAtMs, isPast } from './due-time.ts';

const hourMs = 3_600_000;
const at = (text: string): number => Date.parse(text);
const approval: Condition = { approval: { role: 'qa', count: 1 } };
const after = (text: string): Condition => ({ time: { after: text } });
const before = (text: string): Condition => ({ time: { before: text } });

describe('a condition is due', () => {
  const noon = '2026-12-01T12:00:00Z';
  const later = '2026-12-02T12:00:00Z';

  test.each<[string, Condition, number | undefined]>([
    ['at once', { now: true }, 0],
    ['at once without a time', { all: [approval, { change: { id: 1, state: 'enacted' } }] }, 0],
    ['when its time comes', after(noon), at(noon)],
    ['when the last of all its times comes', { all: [after(noon), after(later), approval] }, at(later)],
    ['when the first of any of its times comes', { any: [after(later), after(noon)] }, at(noon)],
    ['at once where it need not wait for its time', { any: [after(noon), approval] }, 0],
    ['at once before an end', before(noon), 0],
    ['when a time is over that must not be', { not: before(noon) }, at(noon)],
    ['between two times', { time: { after: noon, before: later } }, at(noon)],
    [
      'outside a freeze, before it too',
      { all: [after(noon), { not: { time: { after: noon, before: later } } }] },
      at(later),
    ],
    ['never where its times exclude each other', { all: [before(noon), after(noon)] }, undefined],
    ['never where nothing can be true', { any: [] }, undefined],
    ['in its zone', { time: { after: '2026-12-01T13:00', zone: 'Europe/Berlin' } }, at(noon)],
    ['as soon as may be where a time cannot be read', after('tomorrow'), 0],
  ])('%s', (_, condition, due) => {
    expect(dueAtMs(condition)).toBe(due);
  });

  test('as seen from now', () => {
    const window: Condition = { any: [{ time: { after: noon, before: later } }, after('2026-12-05T00:00:00Z')] };
    expect(dueAtMs(window, at(noon) - 1)).toBe(at(noon));
    expect(dueAtMs(window, at(noon) + 7)).toBe(at(noon) + 7);
    expect(dueAtMs(window, at(later))).toBe(at('2026-12-05T00:00:00Z'));
  });

  test('is past once its end has come in every way it could be true', () => {
    expect(isPast(before(noon), at(noon) - 1)).toBe(false);
    expect(isPast(before(noon), at(noon))).toBe(true);
    expect(isPast({ all: [before(noon), approval] }, at(noon))).toBe(true);
    expect(isPast({ any: [before(noon), approval] }, at(noon))).toBe(false);
    expect(isPast({ any: [before(noon), before(later)] }, at(noon))).toBe(false);
    expect(isPast({ any: [before(noon), before(later)] }, at(later))).toBe(true);
    expect(isPast({ not: after(noon) }, at(noon))).toBe(true);
    expect(isPast({ not: before(noon) }, at(noon))).toBe(false);
    expect(isPast({ now: true }, at(later))).toBe(false);
    expect(isPast(after(noon), at(later))).toBe(false);
  });
});

describe('times that come again', () => {
  const office: Condition = { hours: { from: '09:00', to: '17:00', zone: 'UTC' } };
  const saturday = at('2026-11-21T12:00:00Z');

  test('hold a condition back until they come next', () => {
    expect(dueAtMs(office, saturday)).toBe(at('2026-11-23T09:00:00Z'));
    expect(dueAtMs({ all: [office, after('2026-11-23T18:00:00Z')] }, saturday)).toBe(at('2026-11-24T09:00:00Z'));
    expect(dueAtMs({ not: office }, at('2026-11-23T09:30:00Z'))).toBe(at('2026-11-23T17:00:00Z'));
    const nightly: Condition = { cron: { expression: '30 16 * * *', lasts: 'PT1H', zone: 'UTC' } };
    expect(dueAtMs({ all: [office, nightly] }, saturday)).toBe(at('2026-11-23T16:30:00Z'));
    expect(dueAtMs({ all: [nightly, { not: office }] }, at('2026-11-23T12:00:00Z'))).toBe(at('2026-11-23T17:00:00Z'));
  });

  test('are never past, unless something else ends them', () => {
    expect(isPast(office, saturday)).toBe(false);
    expect(isPast({ all: [office, before('2026-11-23T09:00:00Z')] }, saturday)).toBe(true);
    expect(isPast({ all: [office, before('2026-11-23T09:01:00Z')] }, saturday)).toBe(false);
  });

  test('that never come together are looked for as long as that makes sense', () => {
    const tuesday: Condition = { hours: { days: ['tue'], from: '09:00', to: '17:00', zone: 'UTC' } };
    const monday: Condition = { hours: { days: ['mon'], from: '09:00', to: '17:00', zone: 'UTC' } };
    expect(dueAtMs({ all: [monday, tuesday] }, saturday)).toBeUndefined();
    expect(isPast({ all: [monday, tuesday] }, saturday)).toBe(false);
    const leap: Condition = { cron: { expression: '0 9 29 2 *', lasts: 'PT1H', zone: 'UTC' } };
    expect(dueAtMs({ all: [monday, leap] }, saturday)).toBe(at('2044-02-29T09:00:00Z'));
    const never: Condition = { cron: { expression: '0 9 31 2 *', lasts: 'PT1H', zone: 'UTC' } };
    expect([dueAtMs(never, saturday), isPast(never, saturday)]).toEqual([undefined, true]);
  });

  test('and what another change has to be for some time, once that is known', () => {
    const settled: Condition = { change: { id: 7, state: 'enacted', for: 'PT24H' } };
    expect(dueAtMs(settled, saturday)).toBe(saturday);
    expect(dueAtMs(settled, saturday, () => ({ state: 'pending', sinceMs: saturday }))).toBe(saturday);
    const enacted = () => ({ state: 'enacted', sinceMs: saturday - hourMs }) as const;
    expect(dueAtMs(settled, saturday, enacted)).toBe(saturday + 23 * hourMs);
    expect(dueAtMs({ all: [settled, office] }, saturday, enacted)).toBe(at('2026-11-23T09:00:00Z'));
  });
});

test('when a condition is due and when it is past is what trying every hour finds', () => {
  const start = at('2026-12-01T00:00:00Z');
  const hours = 8;
  const tuesday = { days: ['tue'], zone: 'UTC' } as const;
  const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
  const moment = fc.nat(hours).map((hour) => new Date(start + hour * hourMs).toISOString());
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      moment.map(after),
      moment.map(before),
      fc.constant(approval),
      fc
        .tuple(fc.nat(7), fc.integer({ min: 1, max: 4 }))
        .map(([hour, hours]): Condition => ({ hours: { ...tuesday, from: clock(hour), to: clock(hour + hours) } })),
      fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 4 })).map(
        ([hour, hours]): Condition => ({
          cron: { expression: `0 ${hour} 1 12 *`, lasts: `PT${hours}H`, zone: 'UTC' },
        }),
      ),
      fc.array(tie('tree'), { maxLength: 3 }).map((all): Condition => ({ all })),
      fc.array(tie('tree'), { maxLength: 3 }).map((any): Condition => ({ any })),
      tie('tree').map((not): Condition => ({ not })),
    ),
  }));
  const canBeTrue = (condition: Condition, atMs: number): boolean =>
    evaluate(condition, (leaf) => {
      const hour = (atMs - start) / hourMs;
      if ('hours' in leaf) {
        const { from, to } = leaf.hours;
        return hour >= Number.parseInt(from, 10) && hour < Number.parseInt(to, 10) ? 'true' : 'false';
      }
      if ('cron' in leaf) {
        const from = Number.parseInt(leaf.cron.expression.slice(2), 10);
        return hour >= from && hour < from + Number.parseInt(leaf.cron.lasts.slice(2), 10) ? 'true' : 'false';
      }
      if (!('time' in leaf)) return 'unknown';
      const { after: from = '0001-01-01T00:00:00Z', before: to = '9999-01-01T00:00:00Z' } = leaf.time;
      return atMs >= at(from) && atMs < at(to) ? 'true' : 'false';
    }) !== 'false';
  const recurs = (condition: Condition) => leavesOf(condition).some((leaf) => 'hours' in leaf || 'cron' in leaf);
  fc.assert(
    fc.property(tree, fc.nat(hours), (condition, hour) => {
      const fromMs = start + hour * hourMs;
      const tried = Array.from({ length: 14 - hour }, (_, i) => fromMs + i * hourMs);
      const found = tried.find((atMs) => canBeTrue(condition, atMs));
      const dueMs = dueAtMs(condition, fromMs);
      // What comes again comes on another day.
      if (found !== undefined || !recurs(condition)) expect(dueMs).toBe(found);
      else expect(dueMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(start + 14 * hourMs);
      if (!recurs(condition)) expect(isPast(condition, fromMs)).toBe(found === undefined);
      else if (isPast(condition, fromMs)) expect(dueMs).toBeUndefined();
    }),
    { seed: 4, numRuns: 400 },
  );
});
