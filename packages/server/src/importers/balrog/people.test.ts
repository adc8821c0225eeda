import { describe, expect, test } from 'vitest';
import { prepareEdits } from '../../app/prepare-edits.ts';
import type { Import } from '../../importer.ts';
import { balrog } from '../balrog.ts';

function read(file: unknown): Import {
  return balrog.read(JSON.stringify(file));
}

/** Objects by kind and name, after the schemas of their kinds have looked at them. */
function objectsOf({ objects }: Import): Readonly<Record<string, unknown>> {
  const makeSalt = () => '0'.repeat(16);
  const { edits } = prepareEdits([], objects, { makeSalt, doubts: 'accept', code: 'invalid-import' });
  return Object.fromEntries(edits.map(({ kind, name, body }) => [`${kind} ${name}`, body]));
}

function told(list: Import['mistakes'] = []): readonly string[] {
  return list.map(({ at, message }) => `${at}: ${message}`);
}

const ada = 'ada@example.org';
const permission = (name: string, options: unknown = null, username = ada) => ({
  permission: name,
  username,
  options,
  data_version: 1,
});

describe('permissions and roles', () => {
  test('become users with roles, and grants', () => {
    const file = read({
      permissions: [
        permission('admin', null, 'Root@Example.org'),
        permission('rule', { products: ['Firefox', 'GMP'], actions: ['create', 'modify'] }),
        permission('scheduled_change', { actions: ['enact'] }, 'balrogagent'),
      ],
      user_roles: [
        { username: ada, role: 'releng', data_version: 1 },
        { username: ada, role: 'relman' },
      ],
    });
    expect(file.carries).toEqual(['user', 'grant']);
    expect(file.mistakes).toEqual([]);
    expect(objectsOf(file)).toEqual({
      'user root@example.org': { roles: ['admin'], disabled: false },
      'user ada@example.org': { roles: ['releng', 'relman'], disabled: false },
      'grant ada@example.org/read': { user: ada, actions: ['read'], kinds: expect.arrayContaining(['rule', 'policy']) },
      'grant ada@example.org/rule': {
        user: ada,
        actions: ['create', 'update'],
        kinds: ['rule'],
        products: ['Firefox', 'GMP'],
      },
      'service-account balrogagent': { roles: [], disabled: false },
      'grant balrogagent/read': expect.objectContaining({ serviceAccount: 'balrogagent', actions: ['read'] }),
      'grant balrogagent/scheduled_change': { serviceAccount: 'balrogagent', actions: ['enact'] },
    });
    expect(told(file.warnings)).toEqual([
      'permissions[2]: balrogagent is no e-mail address and is taken for a service account, which signs nothing off',
    ]);
  });

  test('show nobody what others may do who could not see it before', () => {
    const { 'grant ada@example.org/read': grant } = objectsOf(read({ permissions: [permission('rule')] }));
    const { kinds } = grant as { readonly kinds: readonly string[] };
    for (const hidden of ['user', 'service-account', 'grant']) expect(kinds).not.toContain(hidden);
  });

  test.each([
    ['rule', null, { actions: ['create', 'update', 'delete'], kinds: ['rule'] }],
    ['release', { actions: [], products: [] }, { actions: ['create', 'update', 'delete'], kinds: ['release'] }],
    ['release', '{"actions": ["delete"]}', { actions: ['delete'], kinds: ['release'] }],
    ['emergency_shutoff', null, { actions: ['stop', 'update', 'delete'], kinds: ['emergency-stop'] }],
    [
      'emergency_shutoff',
      { actions: ['create'], products: ['GMP'] },
      { actions: ['stop'], kinds: ['emergency-stop'], products: ['GMP'] },
    ],
    [
      'pinnable_release',
      { products: ['GMP'] },
      { actions: ['create', 'update', 'delete'], kinds: ['pin'], products: ['GMP'] },
    ],
    ['required_signoff', null, { actions: ['create', 'update', 'delete'], kinds: ['policy'] }],
    ['permission', { actions: ['view'] }, { actions: ['read'], kinds: ['user', 'grant'] }],
    ['scheduled_change', '', { actions: ['enact'] }],
    [
      'admin',
      { products: ['GMP'] },
      { actions: expect.arrayContaining(['create', 'stop', 'enact']), products: ['GMP'] },
    ],
  ])('%s with the options %j is a grant', (name, options, grant) => {
    const file = read({ permissions: [permission(name, options)] });
    expect(told(file.warnings)).toEqual([]);
    const objects = objectsOf(file);
    expect(objects[`grant ${ada}/${name}`]).toEqual({ user: ada, ...grant });
    expect(objects[`user ${ada}`]).toEqual({ roles: [], disabled: false });
  });

  test('without a counterpart here are warnings that name the row', () => {
    const file = read({
      permissions: [
        permission('release_locale'),
        permission('release_read_only', { actions: ['set'] }),
        permission('rule', { actions: ['create', 'view'], colour: 'red' }),
        permission('release', { actions: ['view'] }),
        permission('rule', null, 'two words'),
        permission('admin', null, 'UPPER'),
      ],
    });
    expect([...told(file.warnings)].sort()).toEqual([
      'permissions[0]: not taken: release_locale has no counterpart here',
      'permissions[1]: not taken: release_read_only has no counterpart here',
      'permissions[2].options.colour: nobody reads this key',
      'permissions[2]: not taken: rule to view has no counterpart here',
      'permissions[3]: not taken: release to view has no counterpart here',
      'permissions[4]: not taken: nobody can be called two words here',
      'permissions[5]: not taken: nobody can be called UPPER here',
    ]);
    expect(Object.keys(objectsOf(file))).toEqual([`user ${ada}`, `grant ${ada}/read`, `grant ${ada}/rule`]);
  });

  test('that are wrong are mistakes at their places', () => {
    const { mistakes } = read({
      permissions: [{ permission: 'rule' }, permission('rule', 'not JSON'), permission('rule', { products: 'GMP' })],
      user_roles: [
        { username: ada, role: 'admin' },
        { username: ada, role: 'Rel Eng' },
      ],
    });
    expect(mistakes?.map(({ at }) => at)).toEqual([
      'permissions[0].username',
      'permissions[1].options',
      'permissions[2].options.products',
      'user_roles[0].role',
      'user_roles[1].role',
    ]);
  });
});

test('required sign-offs become policies, in which who proposes may sign as in Balrog', () => {
  const file = read({
    product_req_signoffs: [
      { product: 'Firefox', channel: 'release', role: 'releng', signoffs_required: 2, data_version: 1 },
      { product: 'Firefox', channel: 'release', role: 'relman', signoffs_required: 1 },
    ],
    permissions_req_signoffs: [{ product: 'Firefox', role: 'releng', signoffs_required: 1 }],
  });
  expect(file.carries).toEqual(['policy']);
  const place = { product: 'Firefox', channel: 'release', ownSignOff: true };
  expect(objectsOf(file)).toEqual({
    'policy Firefox/release/releng': { ...place, role: 'releng', signOffs: 2 },
    'policy Firefox/release/relman': { ...place, role: 'relman', signOffs: 1 },
    'policy permissions:Firefox/releng': {
      product: 'Firefox',
      role: 'releng',
      signOffs: 1,
      ownSignOff: true,
      kinds: ['policy', 'user', 'service-account', 'grant'],
    },
  });
});
