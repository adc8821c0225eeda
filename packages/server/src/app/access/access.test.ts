import { describe, expect, test } from 'vitest';
import type { KindName } from '../../kind.ts';
import { kindNames } from '../../kind.ts';
import { type Action, actions, type Scope } from '../../permission.ts';
import type { Principal } from '../../principal.ts';
import type { Reach } from '../../reach.ts';
import { accessOf, edit } from './world.fixture.ts';

const user = (name: string): Principal => ({ kind: 'user', name });
const machine = (name: string): Principal => ({ kind: 'service-account', name });
const local: Principal = { kind: 'local', name: 'root' };

const access = accessOf({
  users: {
    'root@x': { roles: ['admin'] },
    'view@x': { roles: ['viewer'] },
    'app@x': { roles: ['app-team', 'qa', 'qa'] },
    'gone@x': { roles: ['admin', 'qa'], disabled: true },
    'own@x': {},
    'odd@x': { roles: ['constructor'] },
  },
  serviceAccounts: { agent: { roles: ['agent', 'qa'] }, farm: {}, off: { roles: ['agent'], disabled: true } },
  grants: {
    'app-team': { role: 'app-team', actions: ['read', 'create', 'update', 'delete'], products: ['App*'] },
    'app-grants': { role: 'app-team', actions: ['create'], kinds: ['grant', 'user'], products: ['App*', 'Other'] },
    beta: {
      user: 'own@x',
      actions: ['update'],
      kinds: ['rule'],
      products: ['Firefox'],
      channels: ['beta', 'nightly*'],
    },
    release: { user: 'own@x', actions: ['update'], kinds: ['rule'], products: ['Firefox'], channels: ['release'] },
    stop: { user: 'own@x', actions: ['stop'], products: ['Firefox'] },
    farm: { serviceAccount: 'farm', actions: ['create'], kinds: ['release'], products: ['App'] },
    'to-nobody': { user: 'nobody@x', actions: ['read'] },
    'to-gone': { user: 'gone@x', actions: ['read'] },
  },
});

describe('who there is', () => {
  test('are the users and service accounts that are not disabled, and whoever is local', () => {
    const known = [user('root@x'), user('own@x'), machine('agent'), local];
    expect(known.filter(access.isKnown)).toEqual(known);
    const unknown = [user('gone@x'), user('nobody@x'), user('agent'), machine('root@x'), machine('off'), user('')];
    expect(unknown.filter(access.isKnown)).toEqual([]);
  });

  test('holds the roles that are said of them, while they are enabled', () => {
    expect(access.rolesOf(user('app@x'))).toContain('qa');
    expect(access.rolesOf(machine('agent'))).toEqual(['agent', 'qa']);
    for (const nobody of [user('gone@x'), user('nobody@x'), machine('off'), local]) {
      expect(access.rolesOf(nobody)).toEqual([]);
    }
  });

  test('can sign in a role when they are people and enabled, each once', () => {
    expect(access.holdersOf('qa')).toEqual(['app@x']);
    expect(access.holdersOf('admin')).toEqual(['root@x']);
    expect(access.holdersOf('agent')).toEqual([]);
    expect(access.holdersOf('none')).toEqual([]);
  });

  test('has the permissions of roles, built in and granted, and their own', () => {
    expect(access.permissionsOf(user('root@x'))).toEqual([{ actions }]);
    expect(access.permissionsOf(local)).toEqual([{ actions }]);
    expect(access.permissionsOf(machine('agent'))).toEqual([{ actions: ['read-changes', 'report', 'enact'] }]);
    expect(access.permissionsOf(user('app@x'))).toHaveLength(2);
    expect(access.permissionsOf(user('own@x'))).toHaveLength(3);
    for (const nobody of [user('gone@x'), user('nobody@x'), machine('off'), user('odd@x')]) {
      expect(access.permissionsOf(nobody)).toEqual([]);
    }
  });
});

describe('somebody may', () => {
  type Row = readonly [Principal, Action, KindName | undefined, readonly Reach[], boolean];
  const [everywhere, firefox, app, apps] = [
    [{}],
    [{ product: 'Firefox' }],
    [{ product: 'App' }],
    [{ product: 'App*' }],
  ];

  test.each<Row>([
    [local, 'administer', undefined, [], true],
    [local, 'delete', 'policy', everywhere, true],
    [user('root@x'), 'delete', 'policy', everywhere, true],
    [user('view@x'), 'read', 'rule', everywhere, true],
    [user('view@x'), 'read-changes', 'rule', everywhere, true],
    [user('view@x'), 'audit', undefined, [], true],
    [user('view@x'), 'update', 'regression-line', [], false],
    [user('gone@x'), 'read', undefined, [], false],
    [user('nobody@x'), 'read', undefined, [], false],
    [machine('agent'), 'enact', 'rule', everywhere, true],
    [machine('agent'), 'read-changes', undefined, [], true],
    [machine('agent'), 'read', undefined, [], false],
    [user('app@x'), 'update', 'rule', app, true],
    [user('app@x'), 'update', 'rule', apps, true],
    [user('app@x'), 'update', 'rule', [{ product: 'App', channel: 'any' }], true],
    [user('app@x'), 'update', 'rule', [{ product: '*' }], false],
    [user('app@x'), 'update', 'rule', [{ product: 'Ap*' }], false],
    [user('app@x'), 'update', 'rule', everywhere, false],
    [user('app@x'), 'update', 'rule', [...app, ...firefox], false],
    [user('app@x'), 'update', 'regression-line', [], true],
    [user('app@x'), 'update', undefined, [], true],
    [user('app@x'), 'enact', undefined, [], false],
    [user('app@x'), 'create', 'grant', [{ product: 'App' }, { product: 'Other' }], true],
    [user('app@x'), 'create', 'user', everywhere, false],
    [user('own@x'), 'update', 'rule', [{ product: 'Firefox', channel: 'beta' }], true],
    [user('own@x'), 'update', 'rule', [{ product: 'Firefox', channel: 'nightly*' }], true],
    [user('own@x'), 'update', 'rule', [{ product: 'Firefox', channel: 'night*' }], false],
    // Each of two permissions may cover a part.
    [
      user('own@x'),
      'update',
      'rule',
      [
        { product: 'Firefox', channel: 'beta' },
        { product: 'Firefox', channel: 'release' },
      ],
      true,
    ],
    [user('own@x'), 'update', 'rule', firefox, false],
    [user('own@x'), 'update', 'pin', [{ product: 'Firefox', channel: 'beta' }], false],
    [machine('farm'), 'create', 'release', app, true],
    [machine('farm'), 'update', 'release', app, false],
    [machine('farm'), 'create', 'rule', app, false],
    [machine('farm'), 'create', 'release', [{ product: 'app' }], false],
  ])('%j %s %s in %j: %s', (principal, action, kind, reaches, allowed) => {
    expect(access.may(principal, action, kind && { kind, reaches })).toBe(allowed);
  });

  test('do no more with a token than its scopes say, nor more than without it', () => {
    const may = (principal: Principal, action: Action, scopes: readonly Scope[]) =>
      access.may(principal, action, { kind: 'rule', reaches: app }, scopes);
    expect(may(user('app@x'), 'update', ['update'])).toBe(true);
    expect(may(user('app@x'), 'update', ['read', 'sign'])).toBe(false);
    expect(may(user('app@x'), 'update', [])).toBe(false);
    expect(may(user('app@x'), 'enact', ['enact'])).toBe(false);
    expect(may(user('app@x'), 'read-changes', ['read'])).toBe(true);
    expect(may(user('app@x'), 'read', ['read-changes'])).toBe(false);
    expect(access.may(local, 'update', undefined, ['read'])).toBe(false);
  });
});

describe('to edit', () => {
  const rule = (more: object) => ({ priority: 1, ...more });

  test('takes the action on all that the object reaches, before and after', () => {
    const missing = (principal: Principal, before: object | undefined, after: object | undefined) =>
      access.mayEdit(principal, [edit('rule', '7', before, after)]);
    const [ours, theirs] = [rule({ product: 'App' }), rule({ product: 'Firefox', channel: 'beta' })];
    expect(missing(user('app@x'), undefined, ours)).toEqual([]);
    expect(missing(user('app@x'), ours, rule({ product: 'App', priority: 2 }))).toEqual([]);
    expect(missing(user('app@x'), ours, undefined)).toEqual([]);
    expect(missing(user('app@x'), ours, theirs)).toEqual(['update of rule 7 in App, Firefox/beta']);
    expect(missing(user('app@x'), theirs, ours)).toEqual(['update of rule 7 in Firefox/beta, App']);
    expect(missing(user('app@x'), undefined, rule({}))).toEqual(['create of rule 7 in all products']);
    expect(missing(user('app@x'), rule({ channel: 'beta' }), undefined)).toEqual([
      'delete of rule 7 in all products/beta',
    ]);
    expect(missing(user('own@x'), theirs, undefined)).toEqual(['delete of rule 7 in Firefox/beta']);
    expect(missing(local, theirs, undefined)).toEqual([]);
  });

  test('several objects tells everything that is missing', () => {
    const edits = [
      edit('rule', '1', undefined, rule({ product: 'App' })),
      edit('rule', '2', undefined, rule({ product: 'Firefox' })),
      edit('settings', 'updates', {}, { signedProducts: ['App'] }),
      edit('regression-line', 'a', undefined, { line: '/' }),
    ];
    expect(access.mayEdit(user('app@x'), edits)).toEqual([
      'create of rule 2 in Firefox',
      'update of settings updates in all products',
    ]);
    expect(access.mayEdit(user('nobody@x'), edits)).toHaveLength(4);
    expect(access.mayEdit(user('root@x'), edits)).toEqual([]);
    expect(access.mayEdit(user('root@x'), edits, ['create'])).toEqual(['update of settings updates in all products']);
  });

  test('in what cannot be read takes everything', () => {
    const unread = { kind: 'release', name: 'r', before: null, after: undefined } as const;
    const unfit = { kind: 'throttle-exception', name: '1', before: undefined, after: { channels: 5 } } as const;
    expect(access.mayEdit(user('app@x'), [unread, unfit])).toEqual([
      'delete of release r in all products',
      'create of throttle-exception 1 in all products',
    ]);
    expect(access.mayEdit(user('root@x'), [unread, unfit])).toEqual([]);
  });

  test('a stop takes the permission to stop, and lifting it another one', () => {
    const stop = { product: 'Firefox', channel: 'beta' };
    expect(access.mayEdit(user('own@x'), [edit('emergency-stop', 's', undefined, stop)])).toEqual([]);
    expect(access.mayEdit(user('own@x'), [edit('emergency-stop', 's', stop, undefined)])).toHaveLength(1);
    expect(access.mayEdit(user('own@x'), [edit('emergency-stop', 's', undefined, { product: 'App' })])).toHaveLength(1);
    expect(access.mayEdit(user('own@x'), [edit('emergency-stop', 's', undefined, stop)], ['read'])).toHaveLength(1);
  });
});

describe('nobody can hand out what they do not have', () => {
  const team = user('app@x');
  const give = (after: object, before?: object) => access.mayEdit(team, [edit('grant', 'g', before, after)]);
  const inApp = { role: 'x', products: ['App'], kinds: ['rule'] };

  test('by a grant', () => {
    expect(give({ ...inApp, actions: ['read', 'update'] })).toEqual([]);
    expect(give({ ...inApp, actions: ['read-changes'] })).toEqual([]);
    expect(give({ ...inApp, kinds: undefined, actions: ['read'] })).toEqual([]);
    expect(give({ ...inApp, actions: ['update', 'enact'] })).toEqual([
      'enact of rule in App, which grant g would hand out',
    ]);
    expect(give({ ...inApp, products: ['App', 'Other'], actions: ['update'] })).toEqual([
      'update of rule in App, Other, which grant g would hand out',
    ]);
    expect(give({ ...inApp, products: ['Other'], kinds: ['grant'], actions: ['create'] })).toEqual([]);
    expect(give({ ...inApp, products: ['Other'], kinds: undefined, actions: ['create'] })).toEqual([
      'create of all kinds in Other, which grant g would hand out',
    ]);
    expect(access.mayEdit(user('root@x'), [edit('grant', 'g', undefined, { role: 'x', actions })])).toEqual([]);
    expect(access.mayEdit(local, [edit('grant', 'g', undefined, { role: 'x', actions })])).toEqual([]);
  });

  test('but may write a comment on it', () => {
    const theirs = { ...inApp, actions: ['update', 'enact'] };
    expect(give({ ...theirs, comment: 'c' }, theirs)).toEqual([]);
    expect(give({ ...theirs, role: 'y' }, theirs)).toHaveLength(1);
  });

  test('by a role', () => {
    const clerk = accessOf({
      users: { 'clerk@x': { roles: ['clerk', 'tester'] } },
      serviceAccounts: { bot: {} },
      grants: {
        clerk: { role: 'clerk', actions: ['create', 'update', 'delete'], kinds: ['user', 'service-account'] },
        tester: { role: 'tester', actions: ['update'], kinds: ['rule'], products: ['App'] },
        deployer: { role: 'deployer', actions: ['update'], kinds: ['rule'] },
        direct: { user: 'back@x', actions: ['stop'] },
      },
    });
    const missing = (before: object | undefined, after: object | undefined, kind: KindName = 'user', name = 'new@x') =>
      clerk.mayEdit(user('clerk@x'), [edit(kind, name, before, after)]);
    expect(missing(undefined, { roles: ['clerk', 'tester', 'signs-only'] })).toEqual([]);
    expect(missing(undefined, { roles: ['deployer'] })).toEqual([
      'update of rule in all products, which user new@x would hand out',
    ]);
    expect(missing({}, { roles: ['admin'] }).length).toBe(actions.length);
    expect(missing({}, { roles: ['viewer'] }, 'service-account', 'bot')).toHaveLength(2);
    expect(missing({ roles: ['admin'] }, { roles: ['admin', 'tester'] })).toEqual([]);
    expect(missing({ roles: ['admin'] }, {})).toEqual([]);
    expect(missing({ roles: ['admin'] }, undefined)).toEqual([]);
    expect(missing({ roles: ['admin'] }, { roles: ['admin'], disabled: true })).toEqual([]);
    expect(missing({ roles: ['admin'], disabled: true }, { roles: ['admin'] }).length).toBe(actions.length);
    // Whoever is let in again has what is granted to them.
    expect(missing(undefined, {}, 'user', 'back@x')).toEqual([
      'stop of all kinds in all products, which user back@x would hand out',
    ]);
    expect(missing({ disabled: true }, { disabled: true, comment: 'c' }, 'user', 'back@x')).toEqual([]);
  });

  test('by what does not fit its kind, as that gives nobody anything', () => {
    const unfit = { kind: 'grant', name: 'g', before: undefined, after: { actions: 'all' } } as const;
    expect(access.mayEdit(user('root@x'), [unfit])).toEqual([]);
  });
});

test('what an object reaches can be asked of any body', () => {
  expect(access.reachOf('rule', { priority: 1, product: 'P', channel: 'c' })).toEqual([{ product: 'P', channel: 'c' }]);
  expect(access.reachOf('release', { product: 'P', blob: null })).toEqual([{ product: 'P' }]);
  expect(access.reachOf('rule', undefined)).toEqual([]);
  for (const kind of kindNames) for (const body of [null, 5, 'x']) expect(access.reachOf(kind, body)).toEqual([{}]);
});
