import { describe, expect, test } from 'vitest';
import { aSnapshot, type Objects } from './configuration.fixture.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Request } from './model.ts';
import { anAppRelease } from './release.fixture.ts';
import { aRequest } from './request.fixture.ts';
import { aRule, percent } from './rule.fixture.ts';
import { ticket } from './ticket.ts';

const salt = 't1v9x0q7m1z5c8b2';
const newest = anAppRelease('2.0');
const older = anAppRelease('1.5');
const half = aRule({ share: percent(50), fallback: 'MyApp-1.5' });
const world: Objects = { rules: [half], releases: [newest, older] };
const winning = 1;
const losing = 16_777_214;

/** Decides with the tickets given, which must be exactly those that are drawn. */
function decided(objects: Objects, request: Partial<Request>, tickets: readonly number[] = [], nowMs = 0): Decision {
  const left = [...tickets];
  const decision = decide(aSnapshot(objects), aRequest(request), nowMs, () => {
    const next = left.shift();
    if (next === undefined) throw new Error('more tickets were drawn than expected');
    return next;
  });
  expect(left, 'tickets that were not drawn').toEqual([]);
  return decision;
}

/** The decision in a few words. */
function outcome(decision: Decision): string {
  return decision.kind === 'serve' ? `${decision.admitted} ${decision.release.name}` : decision.reason;
}

describe('the order of a decision', () => {
  const throttle = { product: 'MyApp', version: '1.0', percent: 50, salt };
  const everything: Objects = { ...world, stops: [{ product: 'MyApp' }], throttles: [throttle] };

  test('is stop, throttle, rule, share, release', () => {
    const { stops: _, ...unstopped } = everything;
    const { throttles: __, ...unthrottled } = unstopped;
    expect(outcome(decided(everything, {}))).toBe('stopped');
    expect(outcome(decided(unstopped, {}, [losing]))).toBe('throttled');
    expect(outcome(decided(unstopped, { version: '9.0' }, [winning]))).toBe('not-newer');
    expect(outcome(decided({ ...unstopped, rules: [] }, {}, [winning]))).toBe('no-rule');
    expect(outcome(decided(unstopped, {}, [winning, losing]))).toBe('fallback MyApp-1.5');
    expect(outcome(decided(unstopped, {}, [winning, winning]))).toBe('main MyApp-2.0');
    expect(outcome(decided(unthrottled, { version: '2.0', buildId: '9' }, [winning]))).toBe('not-newer');
  });

  test('shows in what the decision rests on', () => {
    expect(decided(everything, {})).toMatchObject({ revision: 7, stop: 'stop 1', drawn: false });
    const { stops: _, ...unstopped } = everything;
    expect(decided(unstopped, {}, [winning, losing])).toMatchObject({
      kind: 'serve',
      revision: 7,
      throttle: { name: 'MyApp/1.0', percent: 50, ticket: 1, nowServing: 8_388_608, admitted: true },
      rule: { id: 1, version: 1, priority: 100 },
      share: { ticket: 16_777_214, nowServing: 8_388_608, admitted: false },
      candidate: 'MyApp-1.5',
      release: { name: 'MyApp-1.5' },
      updateType: 'minor',
      admitted: 'fallback',
      drawn: true,
    });
  });

  test('draws for the throttle first, and not for a rule where the throttle holds', () => {
    const closed = { ...world, throttles: [{ ...throttle, percent: 0 }] };
    const decision = decided(closed, {});
    expect(decision).toMatchObject({ reason: 'throttled', drawn: false });
    expect(decision.rule).toBe(undefined);
  });
});

describe('a request is held', () => {
  const gone = aRule({ release: 'MyApp-gone' });
  const unreadable = anAppRelease('sixty');
  test.each<readonly [string, Objects, Partial<Request>, readonly number[]]>([
    ['stopped', { ...world, stops: [{ product: 'MyApp' }] }, {}, []],
    ['throttled', { ...world, global: { on: true, percent: 0, salt } }, {}, []],
    ['no-rule', { ...world, rules: [aRule({ product: 'Other' })] }, {}, []],
    ['no-release', { rules: [{ id: 1, priority: 1, share: percent(50), updateType: 'minor', salt }] }, {}, []],
    ['outside-share', { ...world, rules: [aRule({ share: percent(50) })] }, {}, [losing]],
    ['unit-missing', world, { unit: { kind: 'id', id: '' } }, []],
    ['release-missing', { ...world, rules: [gone] }, {}, []],
    ['no-version', { rules: [aRule({ release: 'MyApp-sixty' })], releases: [unreadable] }, {}, []],
    ['not-newer', world, { version: '2.0.1' }, [winning]],
    ['platform-missing', world, { platform: 'BeOS' }, [winning]],
  ])('with the reason %s', (reason, objects, request, tickets) => {
    expect(decided(objects, request, tickets)).toMatchObject({ kind: 'hold', reason });
  });
});

describe('a request is a mistake', () => {
  test.each<readonly [string, Partial<Request>, readonly number[]]>([
    ['invalid-version', { version: '60.0esr' }, [winning]],
    ['invalid-pin', { pin: '2' }, []],
    ['invalid-pin', { pin: '' }, []],
    ['unknown-platform', { platform: 'BeOS', version: '2.0' }, [winning]],
    ['unknown-locale', { locale: 'xx' }, [winning]],
  ])('with the reason %s', (reason, request, tickets) => {
    expect(decided(world, request, tickets)).toMatchObject({ kind: 'invalid', reason });
  });

  test('where a rule asks about a version that cannot be read', () => {
    const decision = decided({ ...world, rules: [aRule({ version: '<2.0' })] }, { version: '60.0esr' });
    expect(decision).toMatchObject({ kind: 'invalid', reason: 'invalid-version', drawn: false });
  });

  test('with a pin that cannot be read, even where it would be stopped', () => {
    expect(outcome(decided({ ...world, stops: [{ product: 'MyApp' }] }, { pin: 'x' }))).toBe('invalid-pin');
  });
});

describe('the fallback', () => {
  test('is served where the draw is lost', () => {
    expect(outcome(decided(world, {}, [8_388_607]))).toBe('main MyApp-2.0');
    expect(outcome(decided(world, {}, [8_388_608]))).toBe('fallback MyApp-1.5');
  });

  test('is not served where the release refuses', () => {
    expect(outcome(decided(world, { version: '1.6', platform: 'BeOS' }, [winning]))).toBe('platform-missing');
    const missing = { ...world, releases: [older] };
    expect(outcome(decided(missing, {}, [winning]))).toBe('release-missing');
  });

  test('is asked like any release', () => {
    expect(outcome(decided(world, { version: '1.6' }, [losing]))).toBe('not-newer');
    expect(outcome(decided({ ...world, releases: [newest] }, {}, [losing]))).toBe('release-missing');
  });

  test('is not served where a throttle holds', () => {
    const throttled = { ...world, global: { on: true, percent: 50, salt } };
    expect(outcome(decided(throttled, {}, [losing]))).toBe('throttled');
  });

  test('needs a release beside it', () => {
    const { release: _, ...without } = half;
    expect(outcome(decided({ ...world, rules: [without] }, { forced: 'fallback' }))).toBe('no-release');
  });
});

describe('a forced request', () => {
  const closed = { ...world, global: { on: true, percent: 0, salt } };

  test('passes a throttle and gets the main release undrawn, at any share', () => {
    for (const share of [percent(0), percent(50), percent(100)]) {
      const decision = decided({ ...closed, rules: [{ ...half, share }] }, { forced: 'main' });
      expect(decision).toMatchObject({ kind: 'serve', admitted: 'main', drawn: false });
      expect([decision.throttle, decision.share]).toEqual([undefined, undefined]);
    }
  });

  test('is held by an emergency stop', () => {
    expect(outcome(decided({ ...world, stops: [{ product: 'MyApp' }] }, { forced: 'main' }))).toBe('stopped');
  });

  test('to the fallback counts as background at a throttle', () => {
    expect(outcome(decided(closed, { forced: 'fallback' }))).toBe('throttled');
    const open = { ...world, global: { on: true, percent: 50, salt } };
    expect(outcome(decided(open, { forced: 'fallback' }, [losing]))).toBe('throttled');
    expect(outcome(decided(open, { forced: 'fallback' }, [winning]))).toBe('fallback MyApp-1.5');
  });

  test('to the fallback always loses the draw, and so does the ramp that is at 0', () => {
    expect(decided(world, { forced: 'fallback' })).toMatchObject({ admitted: 'fallback', drawn: false });
    expect(outcome(decided({ ...world, rules: [aRule({ share: percent(99) })] }, { forced: 'fallback' }))).toBe(
      'outside-share',
    );
  });

  test('to the fallback has no effect at 100 %', () => {
    const all = { ...world, rules: [aRule({ fallback: 'MyApp-1.5' })] };
    expect(outcome(decided(all, { forced: 'fallback' }))).toBe('main MyApp-2.0');
  });
});

describe('a unit', () => {
  const unit = { kind: 'id', id: 'install-42' } as const;
  const mine = ticket(half.salt, unit.id);

  test('has its ticket by the salt of the rule and keeps it', () => {
    for (let time = 0; time < 3; time += 1) {
      expect(decided(world, { unit }, [], time)).toMatchObject({ share: { ticket: mine }, drawn: true });
    }
  });

  test('is admitted from the same moment on, whatever else changes', () => {
    const share = {
      kind: 'ramp',
      points: [
        { atMs: 0, percent: 0, by: 'step' },
        { atMs: 1_000_000_000, percent: 100, by: 'line' },
      ],
    } as const;
    const ramped = { ...world, rules: [{ ...half, share }] };
    const second = Math.ceil(((mine + 1) * 1_000_000) / 16_777_215);
    expect(outcome(decided(ramped, { unit }, [], second * 1000 - 1))).toBe('fallback MyApp-1.5');
    expect(outcome(decided(ramped, { unit }, [], second * 1000))).toBe('main MyApp-2.0');
    expect(outcome(decided(ramped, { unit, locale: 'de' }, [], second * 1000))).toBe('main MyApp-2.0');
  });

  test('has another ticket at a throttle, by the salt of the throttle', () => {
    const throttled = { ...world, global: { on: true, percent: 99.99999, salt } };
    expect(decided(throttled, { unit }).throttle?.ticket).toBe(ticket(salt, unit.id));
  });

  test('that is missing is admitted nowhere, not even where everybody is', () => {
    const missing = { kind: 'id', id: '' } as const;
    const everybody = { ...world, rules: [aRule()] };
    for (const objects of [world, everybody, { ...world, global: { on: true, percent: 100, salt } }]) {
      expect(decided(objects, { unit: missing })).toMatchObject({ kind: 'hold', reason: 'unit-missing', drawn: true });
    }
  });

  test('is not asked for where a person forces', () => {
    expect(outcome(decided(world, { unit: { kind: 'id', id: '' }, forced: 'main' }))).toBe('main MyApp-2.0');
  });
});
