import fc from 'fast-check';
import type { HoursCondition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { hoursCourse, weekdays } from './hours.ts';

const minuteMs = 60_000;
const at = (text: string): number => Date.parse(text);

/** All moments after one at which hours begin or end, up to another. */
function turns(hours: HoursCondition, from: string, to: string): readonly string[] {
  const course = hoursCourse(hours);
  const found: string[] = [];
  for (let ms = course.nextMs(at(from)); ms !== undefined && ms <= at(to); ms = course.nextMs(ms)) {
    found.push(`${course.truthAt(ms) === 'true' ? 'begins' : 'ends'} ${new Date(ms).toISOString().slice(0, 16)}`);
  }
  return found;
}

describe('hours', () => {
  test('are those of Monday to Friday unless they say other days', () => {
    const hours = { from: '09:00', to: '17:00', zone: 'Europe/Berlin' };
    // 20 November 2026 is a Friday.
    expect(turns(hours, '2026-11-20T12:00:00Z', '2026-11-23T20:00:00Z')).toEqual([
      'ends 2026-11-20T16:00',
      'begins 2026-11-23T08:00',
      'ends 2026-11-23T16:00',
    ]);
    expect(turns({ ...hours, days: ['sun'] }, '2026-11-20T12:00:00Z', '2026-11-30T00:00:00Z')).toEqual([
      'begins 2026-11-22T08:00',
      'ends 2026-11-22T16:00',
      'begins 2026-11-29T08:00',
      'ends 2026-11-29T16:00',
    ]);
  });

  test('cannot be known in a zone that is not known here', () => {
    const course = hoursCourse({ from: '09:00', to: '17:00', zone: 'Europe/Atlantis' });
    expect([course.truthAt(0), course.nextMs(0)]).toEqual(['unknown', undefined]);
  });

  test('may be whole days', () => {
    const hours = { days: ['sat', 'sun'], from: '00:00', to: '24:00', zone: 'America/New_York' } as const;
    expect(turns(hours, '2026-11-20T00:00:00Z', '2026-11-24T00:00:00Z')).toEqual([
      'begins 2026-11-21T05:00',
      'ends 2026-11-23T05:00',
    ]);
    const always = { days: weekdays, from: '00:00', to: '24:00', zone: 'UTC' };
    expect(hoursCourse(always).nextMs(at('2026-11-20T00:00:00Z'))).toBeUndefined();
  });

  test.each<[string, HoursCondition, string, string, readonly string[]]>([
    [
      'begin when the clocks are put forward over their beginning',
      { days: ['sun'], from: '02:30', to: '03:15', zone: 'Europe/Berlin' },
      '2026-03-29T00:00:00Z',
      '2026-03-29T12:00:00Z',
      ['begins 2026-03-29T01:00', 'ends 2026-03-29T01:15'],
    ],
    [
      'do not come where the clocks skip all of them',
      { days: ['sun'], from: '02:15', to: '02:45', zone: 'Europe/Berlin' },
      '2026-03-29T00:00:00Z',
      '2026-03-29T12:00:00Z',
      [],
    ],
    [
      'come twice where the clocks show them twice',
      { days: ['sun'], from: '02:15', to: '02:45', zone: 'Europe/Berlin' },
      '2026-10-24T23:00:00Z',
      '2026-10-25T12:00:00Z',
      ['begins 2026-10-25T00:15', 'ends 2026-10-25T00:45', 'begins 2026-10-25T01:15', 'ends 2026-10-25T01:45'],
    ],
    [
      'are an hour longer where the clocks go back within them',
      { days: ['sun'], from: '00:00', to: '06:00', zone: 'America/New_York' },
      '2026-11-01T00:00:00Z',
      '2026-11-01T20:00:00Z',
      ['begins 2026-11-01T04:00', 'ends 2026-11-01T11:00'],
    ],
    [
      'know of half an hour of summer time',
      { days: ['sun'], from: '01:45', to: '02:45', zone: 'Australia/Lord_Howe' },
      '2026-10-03T12:00:00Z',
      '2026-10-04T12:00:00Z',
      ['begins 2026-10-03T15:15', 'ends 2026-10-03T15:45'],
    ],
    [
      'do not come on a day that a place has left out',
      { days: ['thu', 'fri', 'sat'], from: '10:00', to: '11:00', zone: 'Pacific/Apia' },
      '2011-12-29T12:00:00Z',
      '2012-01-01T00:00:00Z',
      ['begins 2011-12-29T20:00', 'ends 2011-12-29T21:00', 'begins 2011-12-30T20:00', 'ends 2011-12-30T21:00'],
    ],
  ])('%s', (_, hours, from, to, expected) => {
    expect(turns(hours, from, to)).toEqual(expected);
  });
});

test('hours are what the clocks on the wall show, minute by minute', () => {
  const zones = [
    ['Europe/Berlin', '2026-03-28T00:00:00Z'],
    ['Europe/Berlin', '2026-10-24T00:00:00Z'],
    ['America/New_York', '2026-03-07T12:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T00:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T00:00:00Z'],
    ['Pacific/Apia', '2011-12-29T00:00:00Z'],
    ['Asia/Kathmandu', '2026-05-01T00:00:00Z'],
  ] as const;
  const minute = fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15);
  const clock = (of: number) => `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`;
  const span = fc.uniqueArray(minute, { minLength: 2, maxLength: 2 }).map((two) => two.sort((a, b) => a - b));
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      span,
      fc.subarray([...weekdays], { minLength: 1 }),
      fc.nat(36 * 60),
      ([zone, start], [from = 0, to = 0], days, offset) => {
        const course = hoursCourse({ days, from: clock(from), to: clock(to), zone });
        const shown = wallClock(zone);
        const isOn = (ms: number): boolean => {
          const { day, minutes } = shown(ms);
          return days.some((one) => one === day) && minutes >= from && minutes < to;
        };
        const beginMs = at(start) + offset * minuteMs;
        const nextMs = course.nextMs(beginMs);
        expect(course.truthAt(beginMs)).toBe(String(isOn(beginMs)));
        // Everything here happens at full quarters.
        const quarterMs = 15 * minuteMs;
        const laterMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, beginMs + 48 * 60 * minuteMs);
        for (let ms = Math.ceil((beginMs + 1) / quarterMs) * quarterMs; ms < laterMs; ms += quarterMs) {
          expect(isOn(ms)).toBe(isOn(beginMs));
        }
        if (nextMs !== undefined) expect(isOn(nextMs)).toBe(!isOn(beginMs));
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

/** By another implementation than the one that is looked at. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (ms: number) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return { day: (parts.get('weekday') ?? '').toLowerCase(), minutes };
  };
}
