import { describe, expect, test } from 'vitest';
import { conditionSchema } from './condition-schema.ts';

const noon = '2026-12-01T12:00:00Z';

function nested(depth: number): unknown {
  let condition: unknown = { now: true };
  for (let level = 1; level < depth; level += 1) condition = { not: condition };
  return condition;
}

test.each<[unknown]>([
  [{ now: true }],
  [{ time: { after: noon } }],
  [{ time: { before: '2026-12-01T12:00:00.5+05:30' } }],
  [{ time: { after: noon, before: '2026-12-01T13:00:01+01:00' } }],
  [{ time: { after: '2026-12-01T12:00', before: '2026-12-02T12:00:30', zone: 'Europe/Berlin' } }],
  [{ time: { after: '2026-03-29T02:30', zone: 'Europe/Berlin' } }],
  [{ time: { after: '2026-12-01T12:00', zone: 'UTC' } }],
  [{ approval: { role: 'release-manager', count: 100 } }],
  [{ change: { id: 7, state: 'vetoed' } }],
  [{ all: [{ any: [{ now: true }, { not: { approval: { role: 'qa', count: 1 } } }] }, { time: { after: noon } }] }],
  [{ change: { id: 7, state: 'enacted', for: 'PT24H' } }],
  [{ hours: { from: '09:00', to: '24:00', zone: 'Europe/Berlin' } }],
  [{ hours: { days: ['sat', 'sun'], from: '00:00', to: '00:01', zone: 'UTC' } }],
  [{ cron: { expression: '*/5 9-17 1,15 * mon#2', lasts: 'PT1H', zone: 'America/New_York' } }],
  [{ cron: { expression: '0 0 L * *', lasts: 'P31D', zone: 'UTC' } }],
  [{ signal: { name: 'crash-rate', op: '<', value: 0.02 } }],
  [
    {
      signal: {
        uptake: {
          product: 'Firefox',
          channel: 'release',
          version: '157.0',
          as: 'percent',
          window: 'P1D',
          from: 'checks',
        },
        op: '>=',
        value: 25,
        for: 'PT1H',
        until: 20,
        maxAge: 'PT5M',
        onUnknown: 'fail',
        latched: true,
      },
    },
  ],
  [{ signal: { offers: { product: 'Firefox', release: 'Firefox-157.0', rule: 10 }, op: '>', value: 1e6 } }],
  [{ signal: { checks: { product: 'Firefox' }, op: '<=', value: -1.5, until: -1 } }],
  [{ signal: { events: { product: 'Firefox', event: 'crashed-today', version: '157.0' }, op: '>', value: 0 } }],
  [{ signal: { crashes: { product: 'Firefox' }, op: '>', value: 0.1 } }],
  [nested(20)],
  [{ any: Array.from({ length: 199 }, () => ({ now: true })) }],
])('%j is a condition, and stays as it is written', (condition) => {
  expect(conditionSchema.parse(condition)).toEqual(condition);
});

describe('what is no condition', () => {
  test.each<[unknown, string]>([
    [undefined, ''],
    [null, ''],
    ['now', ''],
    [[{ now: true }], ''],
    [{}, ''],
    [{ now: false }, 'now'],
    [{ now: true, all: [{ now: true }] }, ''],
    [{ later: true }, ''],
    [{ all: [] }, 'all'],
    [{ any: {} }, 'any'],
    [{ all: [{ any: [{ now: 1 }] }] }, 'all.0.any.0.now'],
    [{ not: [{ now: true }] }, 'not'],
    [{ time: {} }, 'time'],
    [{ time: { zone: 'Europe/Berlin' } }, 'time'],
    [{ time: { after: '2026-12-01T12:00' } }, 'time.after'],
    [{ time: { after: noon, zone: 'Europe/Berlin' } }, 'time.after'],
    [{ time: { after: '2026-02-30T12:00:00Z' } }, 'time.after'],
    [{ time: { after: '2026-12-01 12:00:00Z' } }, 'time.after'],
    [{ time: { after: '2026-12-01T12:00:00Z[u-ca=hebrew]' } }, 'time.after'],
    [{ time: { after: 1 } }, 'time.after'],
    [{ time: { after: noon, before: noon } }, 'time.before'],
    [{ time: { after: noon, before: '2026-12-01T12:30:00+01:00' } }, 'time.before'],
    [{ time: { after: '2026-12-01T12:00', zone: 'Europe/Atlantis' } }, 'time.zone'],
    [{ time: { after: '2026-12-01T12:00', zone: '+01:00' } }, 'time.zone'],
    [{ time: { after: '2026-12-01T12:00', zone: '' } }, 'time.zone'],
    [{ time: { after: noon, at: noon } }, 'time'],
    [{ approval: { role: 'QA', count: 1 } }, 'approval.role'],
    [{ approval: { role: 'qa', count: 0 } }, 'approval.count'],
    [{ approval: { role: 'qa', count: 1.5 } }, 'approval.count'],
    [{ approval: { role: 'qa' } }, 'approval.count'],
    [{ change: { id: 0, state: 'enacted' } }, 'change.id'],
    [{ change: { id: 1, state: 'pending' } }, 'change.state'],
    [{ change: { id: 1, state: 'enacted', for: '1h' } }, 'change.for'],
    [{ change: { id: 1, state: 'enacted', for: 'PT0S' } }, 'change.for'],
    [{ hours: { from: '9:00', to: '17:00', zone: 'UTC' } }, 'hours.from'],
    [{ hours: { from: '24:00', to: '24:00', zone: 'UTC' } }, 'hours.from'],
    [{ hours: { from: '17:00', to: '09:00', zone: 'UTC' } }, 'hours.to'],
    [{ hours: { from: '09:00', to: '09:00', zone: 'UTC' } }, 'hours.to'],
    [{ hours: { days: [], from: '09:00', to: '17:00', zone: 'UTC' } }, 'hours.days'],
    [{ hours: { days: ['mon', 'mon'], from: '09:00', to: '17:00', zone: 'UTC' } }, 'hours.days'],
    [{ hours: { days: ['Monday'], from: '09:00', to: '17:00', zone: 'UTC' } }, 'hours.days.0'],
    [{ hours: { from: '09:00', to: '17:00' } }, 'hours.zone'],
    [{ cron: { expression: '* * * *', lasts: 'PT1H', zone: 'UTC' } }, 'cron.expression'],
    [{ cron: { expression: '* * * * * *', lasts: 'PT1H', zone: 'UTC' } }, 'cron.expression'],
    [{ cron: { expression: '@daily', lasts: 'PT1H', zone: 'UTC' } }, 'cron.expression'],
    [{ cron: { expression: '? 0 * * *', lasts: 'PT1H', zone: 'UTC' } }, 'cron.expression'],
    [{ cron: { expression: '61 * * * *', lasts: 'PT1H', zone: 'UTC' } }, 'cron.expression'],
    [{ cron: { expression: '0 0 * * *', lasts: 'PT0.5S', zone: 'UTC' } }, 'cron.lasts'],
    [{ cron: { expression: '0 0 * * *', lasts: 'P32D', zone: 'UTC' } }, 'cron.lasts'],
    [{ signal: { op: '>=', value: 1 } }, 'signal'],
    [{ signal: { name: 'a', checks: { product: 'A' }, op: '>=', value: 1 } }, 'signal'],
    [{ signal: { name: 'a', op: '==', value: 1 } }, 'signal.op'],
    [{ signal: { name: 'a', op: '>=', value: '1' } }, 'signal.value'],
    [{ signal: { name: 'a', op: '>=', value: Number.POSITIVE_INFINITY } }, 'signal.value'],
    [{ signal: { name: 'a', op: '>=', value: 1, until: 1 } }, 'signal.until'],
    [{ signal: { name: 'a', op: '<', value: 1, until: 0.5 } }, 'signal.until'],
    [{ signal: { name: 'a', op: '>=', value: 1, for: 'P91D' } }, 'signal.for'],
    [{ signal: { name: 'a', op: '>=', value: 1, latched: false } }, 'signal.latched'],
    [{ signal: { uptake: { product: 'A' }, op: '>=', value: 1 } }, 'signal.uptake.version'],
    [{ signal: { uptake: { product: 'A', version: '1', window: 'P1M' }, op: '>=', value: 1 } }, 'signal.uptake.window'],
    [{ signal: { events: { product: 'A', event: 'cheered' }, op: '>=', value: 1 } }, 'signal.events.event'],
  ])('%j, for what stands at %j', (condition, path) => {
    const { success, error } = conditionSchema.safeParse(condition);
    expect(success).toBe(false);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  test('is what is too deep or too large, however much of it there is', () => {
    const said = (condition: unknown) =>
      conditionSchema.safeParse(condition).error?.issues.map(({ message }) => message);
    expect(said(nested(21))).toEqual(['a condition may be 20 levels deep at most']);
    expect(said(nested(200_000))).toEqual(['a condition may be 20 levels deep at most']);
    expect(said({ any: Array.from({ length: 200 }, () => ({ now: true })) })).toEqual([
      'a condition may have 200 parts at most',
    ]);
    let wide: unknown = { now: true };
    for (let level = 0; level < 19; level += 1) wide = { all: [wide, wide], any: [wide, wide] };
    expect(said(wide)).toEqual(['a condition may have 200 parts at most']);
  });
});
