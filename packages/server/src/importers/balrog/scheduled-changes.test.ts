import { describe, expect, test } from 'vitest';
import type { Import, ImportedEdit } from '../../importer.ts';
import { balrog } from '../balrog.ts';
import type { ScheduledTable } from './rows.ts';

function read(file: unknown): Import {
  return balrog.read(JSON.stringify(file));
}

function told(list: Import['mistakes'] = []): readonly string[] {
  return list.map(({ at, message }) => `${at}: ${message}`);
}

const whenMs = Date.UTC(2026, 11, 1, 10);
const rule = { rule_id: 7, priority: 100, backgroundRate: 100, update_type: 'minor', mapping: 'r', product: 'Firefox' };

/** The three tables of one change that waits for a time. */
function scheduled(table: ScheduledTable, type: string, row: object, more: object = {}): Record<string, unknown> {
  const base = Object.fromEntries(Object.entries(row).map(([key, value]) => [`base_${key}`, value]));
  return {
    [`${table}_scheduled_changes`]: [
      {
        sc_id: 3,
        scheduled_by: 'ada@example.org',
        complete: false,
        change_type: type,
        data_version: 1,
        ...base,
        ...more,
      },
    ],
    [`${table}_scheduled_changes_conditions`]: [{ sc_id: 3, when: whenMs, data_version: 1 }],
  };
}

/** What the edits of the only change say, without their places. */
function editsIn(file: Import): readonly Omit<ImportedEdit, 'at' | 'fieldNames'>[] {
  expect(file.mistakes).toEqual([]);
  expect(file.changes).toHaveLength(1);
  return (file.changes ?? []).flatMap(({ edits }) => edits).map(({ at, fieldNames, ...edit }) => edit);
}

describe('a change that waits', () => {
  test('keeps its time, and who scheduled it in its reason', () => {
    const file = read(scheduled('rules', 'update', { ...rule, backgroundRate: 25 }));
    expect(file.changes).toMatchObject([
      {
        condition: { time: { after: '2026-12-01T10:00:00Z' } },
        reason: "scheduled change 3 of Balrog's rules, by ada@example.org",
        at: 'rules_scheduled_changes[0]',
      },
    ]);
    expect(file).toMatchObject({ carries: [], objects: [], warnings: [] });
    expect(editsIn(file)).toMatchObject([
      { kind: 'rule', name: '7', body: { share: { kind: 'percent', percent: 25 } }, isThere: true },
    ]);
  });

  test('of a deletion needs no more than the key', () => {
    const nulls = { priority: null, backgroundRate: null, update_type: null };
    expect(editsIn(read(scheduled('rules', 'delete', { rule_id: 7, ...nulls })))).toEqual([
      { kind: 'rule', name: '7', body: undefined, isThere: true },
    ]);
    expect(editsIn(read(scheduled('releases', 'delete', { name: 'r', data: null })))).toMatchObject([{ name: 'r' }]);
  });

  test('that makes a rule gives it the next number', () => {
    const { rule_id: _, ...fresh } = rule;
    const file = {
      rules: [rule, { ...rule, rule_id: 12 }],
      ...scheduled('rules', 'insert', { ...fresh, rule_id: null }),
    };
    expect(editsIn(read(file))).toMatchObject([{ kind: 'rule', name: '13', isThere: false }]);
    const alone = read(scheduled('rules', 'insert', fresh));
    expect(alone.changes).toBeUndefined();
    expect(told(alone.warnings)).toEqual([
      'rules_scheduled_changes[0]: not taken: a new rule needs a number, and without the table rules none is known to be free',
    ]);
  });

  test.each([
    ['releases', 'insert', { name: 'r', product: 'p', data: '{"name": "r", "schema_version": 4}' }, 'release', 'r'],
    [
      'pinnable_releases',
      'update',
      { product: 'p', channel: 'c', version: '1.', mapping: 'r', data_version: 2 },
      'pin',
      undefined,
    ],
    ['pinnable_releases', 'delete', { product: 'p', channel: 'c', version: '1.' }, 'pin', 'p/c/1.'],
    ['emergency_shutoffs', 'delete', { product: 'p', channel: 'c' }, 'emergency-stop', 'p/c'],
    [
      'product_req_signoffs',
      'insert',
      { product: 'p', channel: 'c', role: 'releng', signoffs_required: 1 },
      'policy',
      'p/c/releng',
    ],
    ['product_req_signoffs', 'delete', { product: 'p', channel: 'c', role: 'releng' }, 'policy', 'p/c/releng'],
    ['permissions_req_signoffs', 'delete', { product: 'p', role: 'releng' }, 'policy', 'permissions:p/releng'],
  ] as const)('of %s by %s is taken', (table, type, row, kind, name) => {
    const file = read(scheduled(table, type, row));
    expect(told(file.warnings)).toEqual([]);
    expect(editsIn(file)).toMatchObject([{ kind, ...(name && { name }), isThere: type !== 'insert' }]);
  });

  test('that is complete is over', () => {
    for (const complete of [true, 1]) {
      const file = read(scheduled('rules', 'update', rule, { complete }));
      expect([file.changes, file.warnings, file.mistakes]).toEqual([undefined, [], []]);
    }
  });

  test('for uptake is not taken, nor one that alters nothing that there is here', () => {
    const uptake = {
      ...scheduled('rules', 'update', rule),
      rules_scheduled_changes_conditions: [{ sc_id: 3, when: null, telemetry_product: 'Firefox', telemetry_uptake: 5 }],
    };
    const readOnly = scheduled('releases', 'update', { name: 'r', product: null, read_only: true, data: null });
    const file = read({ ...uptake, ...readOnly });
    expect(file.changes).toBeUndefined();
    expect(told(file.warnings)).toEqual([
      'rules_scheduled_changes[0]: not taken: it waits for uptake and not for a time',
      'releases_scheduled_changes[0]: not taken: it does not alter what is served',
    ]);
  });

  test('loses its sign-offs, and says whose', () => {
    const signed = (sc_id: number) => ({ sc_id, username: 'bob@example.org', role: 'releng', data_version: 1 });
    const file = read({
      ...scheduled('rules', 'update', rule),
      rules_scheduled_changes_signoffs: [signed(2), signed(3)],
    });
    expect(told(file.warnings)).toEqual([
      'rules_scheduled_changes_signoffs[1]: not taken: what bob@example.org signed as releng was seen in another system, and has to be signed here',
    ]);
  });

  test('has its mistakes told in the columns of its own row', () => {
    const file = read({
      ...scheduled('rules', 'update', { ...rule, priority: 'high', update_type: null }),
      ...scheduled('releases', 'insert', { name: 'r', product: 'p', data: '{"name"' }),
      pinnable_releases_scheduled_changes: [{ sc_id: 1, scheduled_by: 'a', change_type: 'alter' }],
      emergency_shutoffs_scheduled_changes: [{ sc_id: 1, scheduled_by: 'a', change_type: 'insert', base_product: 'p' }],
    });
    expect(file.mistakes?.map(({ at }) => at)).toEqual([
      'rules_scheduled_changes[0].base_priority',
      'rules_scheduled_changes[0].base_update_type',
      'releases_scheduled_changes[0].base_data 1:8',
      'pinnable_releases_scheduled_changes[0].change_type',
      'emergency_shutoffs_scheduled_changes[0]',
    ]);
    const unknown = read(scheduled('rules', 'update', { ...rule, colour: 1 }, { later: 2 }));
    expect(told(unknown.warnings)).toEqual([
      'rules_scheduled_changes[0].later: nobody reads this key',
      'rules_scheduled_changes[0].base_colour: nobody reads this key',
    ]);
  });
});

describe('a permission that waits', () => {
  const permissions = [
    { permission: 'rule', username: 'ada@example.org', options: null },
    { permission: 'release', username: 'bob@example.org', options: null },
    { permission: 'rule', username: 'bob@example.org', options: { products: ['GMP'] } },
  ];
  const user_roles = [{ username: 'ada@example.org', role: 'releng' }];
  const waiting = (type: string, permission: string, username: string, options: unknown = null) =>
    read({ permissions, user_roles, ...scheduled('permissions', type, { permission, username, options }) });

  test('to be altered is another grant', () => {
    expect(editsIn(waiting('update', 'rule', 'bob@example.org', '{"products": ["Firefox"]}'))).toEqual([
      {
        kind: 'grant',
        name: 'bob@example.org/rule',
        body: expect.objectContaining({ products: ['Firefox'] }),
        isThere: true,
      },
    ]);
  });

  test('for somebody new makes the user too', () => {
    expect(editsIn(waiting('insert', 'rule', 'eve@example.org'))).toMatchObject([
      { kind: 'user', name: 'eve@example.org', isThere: false },
      { kind: 'grant', name: 'eve@example.org/read', isThere: false },
      { kind: 'grant', name: 'eve@example.org/rule', isThere: false },
    ]);
  });

  test('to do everything is a role', () => {
    expect(editsIn(waiting('insert', 'admin', 'ada@example.org'))).toEqual([
      { kind: 'user', name: 'ada@example.org', body: { roles: ['admin', 'releng'] }, isThere: true },
      { kind: 'grant', name: 'ada@example.org/read', body: undefined, isThere: true },
    ]);
  });

  test('to be taken away takes the account along with the last one', () => {
    expect(editsIn(waiting('delete', 'release', 'bob@example.org'))).toEqual([
      { kind: 'grant', name: 'bob@example.org/release', body: undefined, isThere: true },
    ]);
    expect(
      editsIn(waiting('delete', 'rule', 'ada@example.org')).map(({ kind, name, body }) => [kind, name, body]),
    ).toEqual([
      ['user', 'ada@example.org', undefined],
      ['grant', 'ada@example.org/read', undefined],
      ['grant', 'ada@example.org/rule', undefined],
    ]);
  });

  test('is not taken without the table, or without a counterpart', () => {
    const alone = read(scheduled('permissions', 'insert', { permission: 'rule', username: 'a@example.org' }));
    expect(told(alone.warnings)).toEqual([
      'permissions_scheduled_changes[0]: not taken: without the table permissions it cannot be told what it alters',
    ]);
    const { changes, warnings } = waiting('insert', 'release_locale', 'ada@example.org');
    expect(changes).toBeUndefined();
    expect(told(warnings)).toContain(
      'permissions_scheduled_changes[0]: not taken: release_locale has no counterpart here',
    );
  });
});
