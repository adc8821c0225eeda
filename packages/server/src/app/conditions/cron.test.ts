import fc from 'fast-check';
import type { CronCondition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { cronCourse } from './cron.ts';

const minuteMs = 60_000;
const at = (text: string): number => Date.parse(text);

/** All spans in which a cron condition is true between two moments. */
function spans(cron: CronCondition, from: string, to: string): readonly string[] {
  const course = cronCourse(cron);
  const found: string[] = [];
  let ms: number | undefined = at(from);
  for (let begun = ''; ms !== undefined && ms <= at(to); ms = course.nextMs(ms)) {
    const is = course.truthAt(ms) === 'true';
    const text = new Date(ms).toISOString().slice(5, 16);
    if (is && begun === '') begun = text;
    if (!is && begun !== '') {
      found.push(`${begun} ${text}`);
      begun = '';
    }
  }
  return found;
}

describe('a cron expression', () => {
  test('begins a time of a length', () => {
    const cron = { expression: '0 9 * * 1', lasts: 'PT2H', zone: 'Europe/Berlin' };
    expect(spans(cron, '2026-11-20T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([
      '11-23T08:00 11-23T10:00',
      '11-30T08:00 11-30T10:00',
    ]);
    const course = cronCourse(cron);
    expect(course.truthAt(at('2026-11-23T07:59:59.999Z'))).toBe('false');
    expect(course.truthAt(at('2026-11-23T08:00:00.000Z'))).toBe('true');
    expect(course.truthAt(at('2026-11-23T09:59:59.999Z'))).toBe('true');
    expect(course.truthAt(at('2026-11-23T10:00:00.000Z'))).toBe('false');
  });

  test('goes on where the next time begins before one has ended', () => {
    const cron = { expression: '0,30 9-10 * * *', lasts: 'PT45M', zone: 'UTC' };
    expect(spans(cron, '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z')).toEqual(['11-20T09:00 11-20T11:15']);
  });

  test('that never comes is never true, and one that is none cannot be known', () => {
    const never = cronCourse({ expression: '0 12 31 2 *', lasts: 'PT1H', zone: 'UTC' });
    expect([never.truthAt(0), never.nextMs(0)]).toEqual(['false', undefined]);
    const none = cronCourse({ expression: 'now and then', lasts: 'PT1H', zone: 'UTC' });
    expect([none.truthAt(0), none.nextMs(0)]).toEqual(['unknown', undefined]);
  });

  // That two zones put their clocks forward and back is what the table is about.
  test.each<[string, string, string, string, readonly string[]]>([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z', ['03-29T01:00 03-29T01:10']],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T23:00:00Z', '2026-10-25T12:00:00Z', ['10-25T00:30 10-25T00:40']],
    [
      '30 2,3 * * *',
      'Europe/Berlin',
      '2026-10-24T23:00:00Z',
      '2026-10-25T12:00:00Z',
      ['10-25T00:30 10-25T00:40', '10-25T01:30 10-25T01:40', '10-25T02:30 10-25T02:40'],
    ],
    ['30 2,3 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z', ['03-29T01:30 03-29T01:40']],
    ['30 2 * * *', 'America/New_York', '2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z', ['03-08T07:00 03-08T07:10']],
    ['30 1 * * *', 'America/New_York', '2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', ['11-01T05:30 11-01T05:40']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', '2026-10-04T12:00:00Z', ['10-03T15:30 10-03T15:40']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', '2026-04-05T12:00:00Z', ['04-04T14:45 04-04T14:55']],
    [
      '0 12 * * *',
      'Pacific/Apia',
      '2011-12-29T12:00:00Z',
      '2011-12-31T12:00:00Z',
      ['12-29T22:00 12-29T22:10', '12-30T22:00 12-30T22:10'],
    ],
  ])('%s in %s from %s', (expression, zone, from, to, expected) => {
    expect(spans({ expression, zone, lasts: 'PT10M' }, from, to)).toEqual(expected);
  });
});

test('nothing changes between a moment and the next at which something may', () => {
  const cron = fc.record({
    expression: fc.constantFrom('*/7 * * * *', '30 2 * * *', '0 0-6/2 * * sun', '15 1,2,3 * 3,10 *', '0 * * * *'),
    lasts: fc.constantFrom('PT1M', 'PT10M', 'PT3H', 'P2D'),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
  });
  const begin = fc.constantFrom('2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z', '2026-04-04T12:00:00Z');
  fc.assert(
    fc.property(cron, begin, fc.nat(12 * 60), (one, start, offset) => {
      const course = cronCourse(one);
      const beginMs = at(start) + offset * minuteMs;
      const nextMs = course.nextMs(beginMs) ?? Number.POSITIVE_INFINITY;
      expect(nextMs).toBeGreaterThan(beginMs);
      for (let ms = beginMs; ms < Math.min(nextMs, beginMs + 6 * 60 * minuteMs); ms += minuteMs) {
        expect(course.truthAt(ms)).toBe(course.truthAt(beginMs));
      }
    }),
    { seed: 5, numRuns: 60 },
  );
});
