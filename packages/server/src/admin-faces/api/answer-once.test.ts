import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { furnish, user } from '../../app/changes/changing.fixture.ts';
import { openStore } from '../../stores/index.ts';
import { describeWithPostgres } from '../../stores/postgres/postgres-server.fixture.ts';
import { type ApiServer, openApiServer } from './api-server.fixture.ts';

const ed = user('ed');

/** Has several nodes serve one database, and ends them. */
async function withNodes(place: Parameters<typeof openStore>[0], use: (nodes: readonly ApiServer[]) => Promise<void>) {
  const stores = [await openStore(place), await openStore(place)];
  const nodes = await Promise.all(stores.map((store) => openApiServer(store)));
  try {
    await use(nodes);
    expect(nodes.flatMap(({ bugs }) => bugs)).toEqual([]);
  } finally {
    for (const node of nodes) await node.close();
    for (const store of stores) await store.close();
    if (place.data !== '') rmSync(place.data, { recursive: true });
  }
}

const body = (comment: string) => ({
  reason: 'a test',
  edits: [{ kind: 'rule', name: '10', expectedVersion: 1, op: 'patch', patch: { comment } }],
});

async function countOf({ store }: ApiServer): Promise<number> {
  return (await store.read((view) => view.changes({ limit: 1000 }))).length;
}

function tests(place: () => Promise<Parameters<typeof openStore>[0]>): void {
  test('a request that is sent again, also to another node, gets the same answer and does nothing more', async () =>
    withNodes(await place(), async (nodes) => {
      const [one, other] = nodes as readonly [ApiServer, ApiServer];
      await furnish(one.workshop);
      const token = await one.tokenOf(ed);
      const before = await countOf(one);
      const asked = { token, body: body('once'), headers: { 'idempotency-key': 'key-1' } };
      const first = await one.call('POST', '/api/v1/changes', asked);
      expect([first.status, first.body.state]).toEqual([201, 'enacted']);
      for (const node of [one, other]) {
        const again = await node.call('POST', '/api/v1/changes', asked);
        expect([again.status, again.body, again.headers.get('etag')]).toEqual([
          201,
          first.body,
          first.headers.get('etag'),
        ]);
      }
      expect(await countOf(other)).toBe(before + 1);
    }));

  test('many that are sent at the same time with one key make one change', async () =>
    withNodes(await place(), async (nodes) => {
      const [one] = nodes as readonly [ApiServer];
      await furnish(one.workshop);
      const token = await one.tokenOf(ed);
      const before = await countOf(one);
      const asked = { token, body: body('twenty'), headers: { 'idempotency-key': 'key-2' } };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (nodes[i % 2] as ApiServer).call('POST', '/api/v1/changes', asked)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
      expect(await countOf(one)).toBe(before + 1);
    }));

  test('a key is its caller’s own, is for one request only, and what was refused may be tried again', async () =>
    withNodes(await place(), async (nodes) => {
      const [one] = nodes as readonly [ApiServer];
      await furnish(one.workshop);
      const [token, others] = [await one.tokenOf(ed), await one.tokenOf({ kind: 'service-account', name: 'ci' })];
      const headers = { 'idempotency-key': 'key-3' };
      const late = { ...body('x'), edits: [{ ...body('x').edits[0], expectedVersion: 7 }] };
      expect((await one.call('POST', '/api/v1/changes', { token, body: late, headers })).status).toBe(409);
      expect((await one.call('POST', '/api/v1/changes', { token, body: body('x'), headers })).status).toBe(201);
      const reused = await one.call('POST', '/api/v1/changes', { token, body: body('y'), headers });
      expect(reused.body.type).toBe('/problems/idempotency-key-reused');
      const foreign = await one.call('POST', '/api/v1/changes', { token: others, body: body('x'), headers });
      expect(foreign.body.type).toBe('/problems/version-conflict');
      const odd = await one.call('POST', '/api/v1/changes', {
        token,
        body: body('x'),
        headers: { 'idempotency-key': ' ' },
      });
      expect(odd.status).toBe(400);
    }));

  test('a stop that is called for again stops once', async () =>
    withNodes(await place(), async (nodes) => {
      const [one] = nodes as readonly [ApiServer];
      await furnish(one.workshop);
      const asked = {
        token: await one.tokenOf(ed),
        body: { product: 'Firefox' },
        headers: { 'idempotency-key': 'key-4' },
      };
      const answers = await Promise.all(nodes.map((node) => node.call('POST', '/api/v1/stops', asked)));
      expect(answers[0]?.body).toEqual(answers[1]?.body);
      expect(answers[0]?.body.change).toBeTypeOf('number');
    }));
}

describe('over an embedded database', () => {
  tests(async () => ({ data: mkdtempSync(join(tmpdir(), 'sluice-once-')) }));
});

describeWithPostgres('over PostgreSQL', (server) => {
  tests(async () => ({ data: '', databaseUrl: await server().makeSchema() }));
});
