import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, openApiServer } from '../../packages/server/src/admin-faces/api/api-server.fixture.ts';
import { apiDocument } from '../../packages/server/src/admin-faces/api/open-api.ts';
import { builtInRole } from '../../packages/server/src/app/access/built-in-roles.ts';
import { actions } from '../../packages/server/src/permission.ts';
import { openTemporaryStore } from './open-temporary-store.ts';
import { operationsOf } from './operations.ts';
import { calls } from './permission-calls.ts';
import { type Column, columns, furnishProducts, World } from './permission-world.ts';

const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');

/** The table as people read it: for each row what each column says. */
function readTable(): { readonly head: readonly string[]; readonly rows: ReadonlyMap<string, readonly string[]> } {
  const section = page.split(/^## /m).find((text) => text.startsWith('The table')) ?? '';
  const [head = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return { head: head.slice(1), rows: new Map(rows.map(([row = '', ...cells]) => [row.replaceAll('`', ''), cells])) };
}

const { head, rows } = readTable();

test('every action and every built-in role is explained', () => {
  const explained = [...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name = '']) => name);
  expect(explained).toEqual([...actions, 'admin', 'agent', 'viewer']);
  for (const role of explained.slice(actions.length)) expect(builtInRole(role), role).toBeDefined();
});

describe('the table', () => {
  test('has a column for everybody, and says yes or no everywhere', () => {
    expect(head).toEqual(columns.map(({ name }) => name));
    for (const [row, cells] of rows) {
      expect(cells, row).toHaveLength(columns.length);
      expect(
        cells.every((cell) => cell === 'yes' || cell === 'no'),
        row,
      ).toBe(true);
    }
  });

  test('has a row for each operation of the API, and for nothing else', () => {
    const operations = operationsOf(apiDocument()).map(
      ({ method, path }) => `${method} ${path.replace('/api/v1', '')}`,
    );
    expect([...new Set([...rows.keys()].map(operationIn))].sort()).toEqual(operations.sort());
    expect([...rows.keys()]).toEqual(Object.keys(calls));
  });
});

function operationIn(row: string): string {
  return row.split(',')[0] ?? '';
}

describe('each row is true of', () => {
  let server: ApiServer;
  let world: World;
  let close: () => Promise<void>;
  let asked = 0;
  beforeAll(async () => {
    const temporary = await openTemporaryStore();
    server = await openApiServer(temporary.store);
    await furnishProducts(server);
    world = new World(server);
    close = async () => {
      await server.close();
      await temporary.remove();
    };
  });
  afterAll(() => close());

  test.each(Object.keys(calls))('%s', async (row) => {
    const found: string[] = [];
    for (const column of columns) found.push(`${column.name}: ${await ask(row, column)}`);
    expect(found).toEqual(columns.map(({ name }, at) => `${name}: ${rows.get(row)?.[at]}`));
    expect(server.bugs).toEqual([]);
  });

  async function ask(row: string, column: Column): Promise<'yes' | 'no'> {
    const call = await calls[row]?.(world, column);
    if (call === undefined) throw new Error(`There is no call for ${row}.`);
    const { path, body, version, secret } = call;
    const token = secret ?? (await world.tokenOf(column));
    const leaving = new AbortController();
    // Who is let in by nothing may not ask so often from one place.
    asked += 1;
    server.address = `192.0.2.${asked % 250}`;
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method: row.split(' ')[0] ?? '',
      signal: leaving.signal,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(version !== undefined && { 'if-match': `"${version}"` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // Events never end.
    leaving.abort();
    expect(response.status, `${row}: ${column.name}`).toBeLessThan(500);
    // A call that is wrong in itself would tell nothing.
    expect([400, 422, 428, 429], `${row}: ${column.name}`).not.toContain(response.status);
    return [401, 403, 404].includes(response.status) ? 'no' : 'yes';
  }
});
