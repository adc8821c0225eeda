import { describe, expect, test } from 'vitest';
import { momentMs } from './moment-ms.ts';

const at = (text: string): number => Date.parse(text);

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
