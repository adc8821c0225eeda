import fc from 'fast-check';
import { type Condition, evaluate } from 'sluice';
import { describe, expect, test } from 'vitest';
import { dueAtMs, isPast, momentMs } from './due-time.ts';

const hourMs = 3_600_000;
const at = (text: string): number => Date.parse(text);
const approval: Condition = { approval: { role: 'qa', count: 1 } };
const after = (text: string): Condition => ({ time: { after: text } });
const before = (text: string): Condition => ({ time: { before: text } });

describe('a moment', () => {
  test.each<[string, string | undefined, string]>([
    ['2026-12-01T10:00:00Z', undefined, '2026-12-01T10:00:00Z'],
    ['2026-12-01T10:00+01:00', undefined, '2026-12-01T09:00:00Z'],
    ['2026-12-01T10:00:00.250Z', undefined, '2026-12-01T10:00:00.250Z'],
    ['2026-12-01T10:00', 'Europe/Berlin', '2026-12-01T09:00:00Z'],
    ['2026-07-01T10:00', 'Europe/Berlin', '2026-07-01T08:00:00Z'],
    ['2026-07-01T10:00:30', 'America/New_York', '2026-07-01T14:00:30Z'],
    ['2026-07-01T10:00', 'UTC', '2026-07-01T10:00:00Z'],
    // On 29 March 2026 the clocks of Berlin go from 2:00 to 3:00: half past two is half past three.
    ['2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59:00Z'],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    // On 25 October 2026 they go from 3:00 back to 2:00: the first half past two is meant, in summer time.
    ['2026-10-25T01:59', 'Europe/Berlin', '2026-10-24T23:59:00Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00Z'],
  ])('%s in %s is %s', (text, zone, moment) => {
    expect(momentMs(text, zone)).toBe(at(moment));
  });

  test.each<[string, string | undefined]>([
    ['2026-12-01T10:00', undefined],
    ['2026-13-01T10:00', 'Europe/Berlin'],
    ['2026-02-30T10:00:00Z', undefined],
    ['2026-12-01T10:00', 'Europe/Atlantis'],
    ['tomorrow', undefined],
    ['', 'Europe/Berlin'],
  ])('%s in %s is none', (text, zone) => {
    expect(momentMs(text, zone)).toBeNaN();
  });
});

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

test('when a condition is due and when it is past is what trying every hour finds', () => {
  const start = at('2026-12-01T00:00:00Z');
  const hours = 8;
  const moment = fc.nat(hours).map((hour) => new Date(start + hour * hourMs).toISOString());
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      moment.map(after),
      moment.map(before),
      fc.constant(approval),
      fc.array(tie('tree'), { maxLength: 3 }).map((all): Condition => ({ all })),
      fc.array(tie('tree'), { maxLength: 3 }).map((any): Condition => ({ any })),
      tie('tree').map((not): Condition => ({ not })),
    ),
  }));
  const canBeTrue = (condition: Condition, atMs: number): boolean =>
    evaluate(condition, (leaf) => {
      if (!('time' in leaf)) return 'unknown';
      const { after: from = '0001-01-01T00:00:00Z', before: to = '9999-01-01T00:00:00Z' } = leaf.time;
      return atMs >= at(from) && atMs < at(to) ? 'true' : 'false';
    }) !== 'false';
  fc.assert(
    fc.property(tree, fc.nat(hours), (condition, hour) => {
      const tried = Array.from({ length: hours + 2 - hour }, (_, i) => start + (hour + i) * hourMs);
      const found = tried.find((atMs) => canBeTrue(condition, atMs));
      expect(dueAtMs(condition, start + hour * hourMs)).toBe(found);
      expect(isPast(condition, start + hour * hourMs)).toBe(found === undefined);
    }),
    { seed: 4, numRuns: 1000 },
  );
});
