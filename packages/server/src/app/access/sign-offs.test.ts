import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignOffContext } from './access.ts';
import type { Lead } from './demands-of.ts';
import type { ObjectEdit } from './object-edit.ts';
import { accessOf, edit } from './world.fixture.ts';

const leads: Readonly<Record<string, readonly Lead[]>> = {
  'in-release': [{ kind: 'rule', body: { priority: 1, product: 'Firefox', channel: 'release' } }],
  'in-nightly': [{ kind: 'rule', body: { priority: 1, product: 'Firefox', channel: 'nightly' } }],
  pinned: [{ kind: 'pin', body: { product: 'Firefox', channel: 'release', version: '1.', release: 'pinned' } }],
  'in-all': [{ kind: 'rule', body: { priority: 1 } }],
  unreadable: [{ kind: 'rule', body: { priority: 'high' } }],
};
const context: SignOffContext = { rulesNaming: (release) => leads[release] ?? [] };

const access = accessOf({
  users: { 'a@x': { roles: ['relman', 'qa'] }, 'b@x': { roles: ['relman'] } },
  grants: {
    team: { role: 'team', actions: ['update'], products: ['Fire*'], channels: ['beta'] },
    readers: { role: 'readers', actions: ['read', 'audit'] },
    mobile: { user: 'm@x', actions: ['update', 'read'], products: ['Mobile'] },
  },
  policies: {
    release: { product: 'Firefox', channel: 'release*', role: 'relman', signOffs: 2 },
    'release-qa': { product: 'Firefox', channel: 'release', role: 'qa', signOffs: 1, ownSignOff: true },
    firefox: { product: 'Firefox', role: 'relman', signOffs: 1, ownSignOff: true, kinds: ['rule', 'pin'] },
    mobile: { product: 'Mob*', role: 'mobile', signOffs: 1, kinds: ['release'] },
    partner: { product: 'Vpn', channel: 'release-cck-acme', role: 'partner', signOffs: 1 },
  },
});

/** In short: `relman 2, qa 1+` is two of one role and one of another, where the proposer may be the one. */
function needed(...edits: readonly ObjectEdit[]): string {
  return access
    .signOffsFor(edits, context)
    .map(({ role, count, ownSignOff }) => `${role} ${count}${ownSignOff ? '+' : ''}`)
    .join(', ');
}

const nothing = '';
const all = 'mobile 1, partner 1, qa 1+, relman 2';
/** What everything of configuration has in common with the policies that are for it. */
const rulesOfAll = 'partner 1, qa 1+, relman 2';
const firefox = 'qa 1+, relman 2';

type Body = object | undefined;
type Row = readonly [before: Body, after: Body, needs: string];

describe('of configuration', () => {
  const at = (product?: string, channel?: string, more: object = {}) => ({
    priority: 1,
    ...(product !== undefined && { product }),
    ...(channel !== undefined && { channel }),
    ...more,
  });

  test.each<Row>([
    [undefined, at('Firefox', 'release'), firefox],
    [at('Firefox', 'release'), undefined, firefox],
    [at('Firefox', 'release'), at('Firefox', 'release', { priority: 2 }), firefox],
    [at('Firefox', 'release'), at('Firefox', 'release', { comment: 'c' }), firefox],
    [at('Firefox', 'release'), at('Firefox', 'release'), nothing],
    [undefined, at('Firefox', 'beta'), 'relman 1+'],
    [undefined, at('Firefox', 'release-eval'), 'relman 2'],
    [undefined, at('Firefox', 'rel*'), firefox],
    [undefined, at('Firefox', 'b*'), 'relman 1+'],
    [undefined, at('Firefox'), firefox],
    [undefined, at(undefined, 'release'), rulesOfAll],
    [undefined, at(), rulesOfAll],
    [undefined, at('Mobile', 'release'), nothing],
    [undefined, at('Other', 'release'), nothing],
    // What is moved away is taken from where it was.
    [at('Firefox', 'release'), at('Other'), firefox],
    [at('Other'), at('Firefox', 'release'), firefox],
    [at('Firefox', 'beta'), at('Vpn', 'release-cck-acme'), 'partner 1, relman 1+'],
    // Who is on a partner channel is served by the channel that it follows too, and not the other way round.
    [undefined, at('Vpn', 'release'), 'partner 1'],
    [undefined, at('Vpn', 'release-cck-other'), nothing],
    [undefined, at('Firefox', 'release-cck-acme'), 'relman 2'],
  ])('a rule from %j to %j needs %j', (before, after, needs) => {
    expect(needed(edit('rule', '1', before, after))).toBe(needs);
  });

  test.each<readonly [Parameters<typeof edit>[0], Body, Body, string]>([
    ['pin', undefined, { product: 'Firefox', channel: 'beta', version: '1.', release: 'r' }, 'relman 1+'],
    ['throttle', undefined, { product: 'Firefox', version: '1', percent: 1 }, firefox],
    ['throttle', undefined, { product: 'Mobile', version: '1', percent: 1 }, nothing],
    ['throttle-exception', undefined, { version: '1', channels: ['release'] }, rulesOfAll],
    ['throttle-exception', undefined, { version: '1', channels: ['beta'] }, nothing],
    ['global-throttle', undefined, { on: true, percent: 1 }, rulesOfAll],
    ['settings', {}, { signedProducts: ['Firefox'] }, rulesOfAll],
    ['file-host', undefined, { host: 'h', products: ['Firefox', 'Other'] }, firefox],
    ['file-host', undefined, { host: 'h', products: ['Other'] }, nothing],
    ['regression-line', undefined, { line: '/' }, nothing],
    ['regression-line', { line: '/' }, undefined, nothing],
    ['emergency-stop', undefined, { product: 'Firefox', channel: 'release' }, nothing],
    ['emergency-stop', { product: 'Firefox', channel: 'release' }, undefined, firefox],
    ['emergency-stop', { product: 'Firefox' }, { product: 'Firefox', comment: 'c' }, firefox],
    ['emergency-stop', { product: 'Firefox', channel: 'beta' }, undefined, nothing],
  ])('a %s from %j to %j needs %j', (kind, before, after, needs) => {
    expect(needed(edit(kind, 'x', before, after))).toBe(needs);
  });

  test('who signed a condition signs again what it reads, whatever kinds the policies are for', () => {
    const body = { product: 'Mobile', source: 'prometheus', url: 'https://a.example', query: 'errors' };
    const needs = (before: Body, after: Body) => needed(edit('signal', 's', before, after));
    expect(needs(body, { ...body, query: 'vector(0)' })).toBe('mobile 1');
    expect(needs(body, { ...body, product: 'Other' })).toBe('mobile 1');
    expect(needs(body, { ...body, comment: 'c' })).toBe(nothing);
    expect(needs(undefined, body)).toBe(nothing);
    const population = (checkInterval: string) => ({ product: 'Mobile', checkInterval });
    expect(needed(edit('population', 'Mobile', population('PT1H'), population('P7D')))).toBe('mobile 1');
  });

  test('what does not fit its kind needs what everything needs', () => {
    expect(needed({ kind: 'rule', name: '1', before: undefined, after: { priority: 'high' } })).toBe(rulesOfAll);
  });

  test('a release needs what leads to it needs, live or pending, and else nothing', () => {
    const blob = (name: string) => ({ name, schema_version: 4000, products: [] });
    const needs = (name: string, before: Body, after: Body) => needed({ kind: 'release', name, before, after });
    const [old, changed] = [
      { product: 'Firefox', blob: blob('a') },
      { product: 'Firefox', blob: blob('b') },
    ];
    expect(needs('in-release', old, changed)).toBe(firefox);
    expect(needs('in-release', undefined, changed)).toBe(firefox);
    expect(needs('in-release', old, undefined)).toBe(firefox);
    expect(needs('in-release', old, structuredClone(old))).toBe(nothing);
    expect(needs('in-nightly', old, changed)).toBe('relman 1+');
    expect(needs('pinned', old, changed)).toBe(firefox);
    expect(needs('in-all', old, changed)).toBe(all);
    expect(needs('unreadable', old, changed)).toBe(all);
    expect(needs('unmapped', old, changed)).toBe(nothing);
  });

  test('several edits need what each needs, and of a role the most', () => {
    const beta = edit('rule', '1', undefined, { priority: 1, product: 'Firefox', channel: 'beta' });
    const esr = edit('rule', '2', undefined, { priority: 1, product: 'Firefox', channel: 'release-esr' });
    const partner = edit('rule', '3', undefined, { priority: 1, product: 'Vpn', channel: 'release' });
    expect(needed(beta, esr, partner)).toBe('partner 1, relman 2');
    expect(needed()).toBe(nothing);
    expect(access.signOffsFor([beta, esr], context)).toEqual([
      { role: 'relman', count: 2, ownSignOff: false, policies: ['release', 'firefox'] },
    ]);
  });
});

describe('of policies', () => {
  const policy = (more: object = {}) => ({ role: 'new', signOffs: 1, ...more });

  test.each<Row>([
    // The first for a product needs nothing.
    [undefined, policy({ product: 'Other' }), nothing],
    [undefined, policy({ product: 'Firefox', channel: 'beta' }), 'relman 1+'],
    [undefined, policy({ product: 'Firefox' }), firefox],
    [undefined, policy({ product: 'F*x', channel: '*elease' }), firefox],
    [undefined, policy(), all],
    [policy({ product: 'Firefox', channel: 'release' }), undefined, firefox],
    [policy({ product: 'Firefox', channel: 'release' }), policy({ product: 'Other' }), firefox],
    [policy({ product: 'Firefox' }), policy({ product: 'Firefox', comment: 'c' }), nothing],
    // The kinds of a policy say nothing about policies.
    [policy({ product: 'Mobile', kinds: ['rule'] }), undefined, 'mobile 1'],
  ])('from %j to %j needs %j', (before, after, needs) => {
    expect(needed(edit('policy', 'p', before, after))).toBe(needs);
  });

  test('a policy cannot be removed without those whom it asks for', () => {
    const alone = accessOf({ policies: { p: { product: 'P', channel: 'c', role: 'qa', signOffs: 3 } } });
    const body = { product: 'P', channel: 'c', role: 'qa', signOffs: 3 };
    for (const after of [undefined, { ...body, signOffs: 1 }, { ...body, product: 'Q' }, { ...body, role: 'me' }]) {
      expect(alone.signOffsFor([edit('policy', 'p', body, after)], context)).toEqual([
        { role: 'qa', count: 3, ownSignOff: false, policies: ['p'] },
      ]);
    }
  });
});

describe('of accounts', () => {
  test.each<Row>([
    [undefined, {}, nothing],
    [undefined, { comment: 'new here' }, nothing],
    [{}, undefined, nothing],
    [{}, { disabled: true }, nothing],
    [undefined, { roles: ['team'], disabled: true }, nothing],
    [{ roles: ['qa'] }, { roles: ['qa'], comment: 'c' }, nothing],
    [{ roles: ['qa', 'team'] }, { roles: ['team', 'qa'] }, nothing],
    // A role that a policy names.
    [undefined, { roles: ['qa'] }, 'qa 1+'],
    [{}, { roles: ['relman'] }, 'relman 2'],
    [{ roles: ['relman'] }, {}, 'relman 2'],
    [{ roles: ['relman'] }, undefined, 'relman 2'],
    [{ roles: ['relman'] }, { roles: ['relman'], disabled: true }, 'relman 2'],
    [{ roles: ['relman'], disabled: true }, { roles: ['relman'] }, 'relman 2'],
    [{ roles: ['relman'] }, { roles: ['qa'] }, 'qa 1+, relman 2'],
    // A role with grants: it may do something where a policy reaches.
    [undefined, { roles: ['team'] }, 'relman 1+'],
    [{ roles: ['team'] }, {}, 'relman 1+'],
    [undefined, { roles: ['unknown'] }, nothing],
    [undefined, { roles: ['readers', 'viewer'] }, nothing],
    [undefined, { roles: ['agent'] }, all],
    [undefined, { roles: ['admin'] }, all],
    [{ roles: ['admin'] }, undefined, all],
    [{ roles: ['admin'] }, { roles: ['admin', 'qa'] }, 'qa 1+'],
  ])('a user from %j to %j needs %j', (before, after, needs) => {
    expect(needed(edit('user', 'u@x', before, after))).toBe(needs);
  });

  test('somebody to whom something is granted needs what that needs when they come and go', () => {
    expect(needed(edit('user', 'm@x', undefined, {}))).toBe('mobile 1');
    expect(needed(edit('user', 'm@x', {}, undefined))).toBe('mobile 1');
    expect(needed(edit('user', 'm@x', {}, { disabled: true }))).toBe('mobile 1');
    expect(needed(edit('user', 'm@x', { disabled: true }, undefined))).toBe(nothing);
    expect(needed(edit('user', 'm@x', {}, { comment: 'c' }))).toBe(nothing);
    expect(needed(edit('service-account', 'm@x', {}, undefined))).toBe(nothing);
    expect(needed(edit('service-account', 'bot', undefined, { roles: ['team'] }))).toBe('relman 1+');
  });
});

describe('of grants', () => {
  const grant = (more: object = {}) => ({ role: 'some', actions: ['update'], ...more });

  test.each<Row>([
    [undefined, grant(), all],
    [undefined, grant({ products: ['Other'] }), nothing],
    [undefined, grant({ products: ['Other', 'Firefox'], channels: ['beta'] }), 'relman 1+'],
    [undefined, grant({ products: ['Fire*'] }), firefox],
    [undefined, grant({ products: ['Mobile'], kinds: ['rule'] }), 'mobile 1'],
    [grant({ products: ['Firefox'] }), undefined, firefox],
    [grant({ products: ['Firefox'] }), grant({ products: ['Other'] }), firefox],
    [grant({ products: ['Other'] }), grant({ products: ['Firefox'] }), firefox],
    [grant({ products: ['Firefox'] }), grant({ products: ['Firefox'], comment: 'c' }), nothing],
    [grant({ products: ['Firefox'] }), grant({ products: ['Firefox'], role: 'other' }), firefox],
    [undefined, grant({ actions: ['read', 'read-changes', 'audit'] }), nothing],
    [grant({ actions: ['read'] }), grant({ actions: ['read', 'enact'] }), all],
    [grant({ actions: ['read', 'enact'] }), undefined, all],
  ])('from %j to %j needs %j', (before, after, needs) => {
    expect(needed(edit('grant', 'g', before, after))).toBe(needs);
  });
});

describe('whatever the policies are', () => {
  const place = fc.option(fc.constantFrom('a', 'ab', 'a*', '*b', '*'), { nil: undefined });
  const policy = fc
    .record({
      product: place,
      channel: place,
      role: fc.constantFrom('x', 'y', 'z'),
      signOffs: fc.integer({ min: 1, max: 3 }),
      ownSignOff: fc.boolean(),
    })
    .map((fields) => JSON.parse(JSON.stringify(fields)) as object);
  const policies = fc
    .array(policy, { maxLength: 5 })
    .map((list) => Object.fromEntries(list.map((one, i) => [`p${i}`, one])));
  const rule = fc
    .record({ product: place, channel: place })
    .map((fields) => JSON.parse(JSON.stringify({ priority: 1, ...fields })) as object);
  const edits = fc
    .array(rule, { maxLength: 3 })
    .map((list) => list.map((one, i) => edit('rule', String(i), undefined, one)));
  const options = { seed: 4, numRuns: 500 };

  test('another policy never makes a change need less', () => {
    fc.assert(
      fc.property(policies, policy, edits, (known, more, made) => {
        const before = accessOf({ policies: known }).signOffsFor(made, context);
        const after = accessOf({ policies: { ...known, more } }).signOffsFor(made, context);
        for (const { role, count, ownSignOff } of before) {
          const now = after.find((one) => one.role === role);
          expect(now?.count).toBeGreaterThanOrEqual(count);
          if (now?.ownSignOff === true) expect(ownSignOff).toBe(true);
        }
      }),
      options,
    );
  });

  test('a change needs what its parts need, and no more', () => {
    fc.assert(
      fc.property(policies, edits, edits, (known, one, other) => {
        const world = accessOf({ policies: known });
        const whole = world.signOffsFor([...one, ...other], context);
        const parts = [...world.signOffsFor(one, context), ...world.signOffsFor(other, context)];
        expect(whole.map(({ role }) => role)).toEqual([...new Set(parts.map(({ role }) => role))].sort());
        for (const { role, count, ownSignOff } of whole) {
          const ofRole = parts.filter((part) => part.role === role);
          expect(count).toBe(Math.max(...ofRole.map((part) => part.count)));
          expect(ownSignOff).toBe(ofRole.every((part) => part.ownSignOff));
        }
      }),
      options,
    );
  });

  test('an edit that reaches further never needs less', () => {
    fc.assert(
      fc.property(policies, rule, (known, body) => {
        const world = accessOf({ policies: known });
        const some = world.signOffsFor([edit('rule', '1', undefined, body)], context);
        const most = world.signOffsFor([edit('rule', '1', undefined, { priority: 1 })], context);
        for (const { role, count } of some) {
          expect(most.find((one) => one.role === role)?.count).toBeGreaterThanOrEqual(count);
        }
      }),
      options,
    );
  });
});
