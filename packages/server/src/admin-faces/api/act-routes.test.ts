import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { furnish, made, operator, patched, protect, user } from '../../app/changes/changing.fixture.ts';
import type { StoreEdit } from '../../store.ts';
import { type ApiServer, apiServers, emptyReport } from './api-server.fixture.ts';

const openServer = apiServers();
const ed = user('ed');
const eve = user('eve');

async function furnished(): Promise<ApiServer> {
  const server = await openServer();
  await furnish(server.workshop);
  await protect(server.workshop);
  return server;
}

describe('a preview', () => {
  const edits = [{ kind: 'rule', name: '10', expectedVersion: 1, op: 'patch', patch: { comment: 'x' } }];

  test('of a change is for the time at which it may be enacted, and tells what it needs', async () => {
    const server = await furnished();
    const condition = { time: { after: '2026-12-01T10:00', zone: 'Europe/Berlin' } };
    const { change } = await server.workshop.propose(ed, [patched('rule', '10', 1, { comment: 'x' })], { condition });
    let asked: readonly StoreEdit[] = [];
    server.preview = async (wanted, { nowMs = 0 } = {}) => {
      asked = wanted;
      return { ...emptyReport, atMs: nowMs };
    };
    const { status, body } = await server.call('GET', `/api/v1/changes/${change.id}/preview`, {
      token: await server.tokenOf(ed),
    });
    expect(status).toBe(200);
    expect(body.at).toBe('2026-12-01T09:00:00.000Z');
    expect(body.required.map(({ role }: { readonly role: string }) => role)).toEqual(['releng', 'relman']);
    expect(asked).toMatchObject([{ kind: 'rule', name: '10', body: { comment: 'x', priority: 100 } }]);
  });

  test('of edits needs nothing but to read what they touch', async () => {
    const server = await furnished();
    await server.workshop.propose(operator, [
      made('user', 'reader@example.org', { roles: [] }),
      made('grant', 'reader', { user: 'reader@example.org', actions: ['read'], products: ['Firefox'] }),
      made('rule', '20', { priority: 1, product: 'Fennec', release: 'Firefox-desupport' }),
    ]);
    const token = await server.tokenOf(user('reader'));
    const preview = (wanted: object) => server.call('POST', '/api/v1/preview', { token, body: { edits: [wanted] } });
    expect((await preview(edits[0] ?? {})).status).toBe(200);
    const hidden = await preview({ ...edits[0], name: '20' });
    const gone = await preview({ ...edits[0], name: '21', expectedVersion: 1 });
    expect([hidden.status, hidden.body.detail]).toEqual([404, 'there is no rule 20']);
    expect(gone.status).toBe(409);
    expect((await preview({ ...edits[0], patch: { product: 'Fennec' } })).status).toBe(403);
    expect((await preview({ ...edits[0], expectedVersion: 9 })).body.type).toBe('/problems/version-conflict');
  });

  test('runs the regression lines for who may see them', async () => {
    const server = await furnished();
    await server.workshop.propose(operator, [made('regression-line', 'one', { line: '/update/3/x', nothing: true })]);
    const runs: number[] = [];
    server.preview = async (_, { regression = [] } = {}) => {
      runs.push(regression.length);
      return emptyReport;
    };
    await server.workshop.propose(operator, [
      made('user', 'all@example.org', { roles: ['viewer'] }),
      made('user', 'rules@example.org', { roles: [] }),
      made('grant', 'rules', { user: 'rules@example.org', actions: ['read'], kinds: ['rule'] }),
    ]);
    for (const who of ['all', 'rules']) {
      const token = await server.tokenOf(user(who));
      expect((await server.call('POST', '/api/v1/preview', { token, body: { edits } })).status).toBe(200);
    }
    expect(runs).toEqual([1, 0]);
  });

  test('is worked out one at a time for each, ends when nobody waits for it, and is no bug then', async () => {
    const server = await furnished();
    const token = await server.tokenOf(ed);
    let ended = 0;
    server.preview = (_, { signal } = {}) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          ended += 1;
          reject(signal.reason);
        });
      });
    const leaving = new AbortController();
    const ask = (signal?: AbortSignal) =>
      server.call('POST', '/api/v1/preview', { token, body: { edits }, ...(signal !== undefined && { signal }) });
    const first = ask(leaving.signal).catch(() => 'left');
    await pause(200);
    const second = await ask();
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '5']);
    leaving.abort();
    expect(await first).toBe('left');
    for (let tries = 0; ended === 0 && tries < 500; tries += 1) await pause(10);
    expect(ended).toBe(1);
    expect(server.bugs).toEqual([]);
  });
});

describe('a call to stop', () => {
  const stop = (server: ApiServer, token: string, body: object) =>
    server.call('POST', '/api/v1/stops', { token, body });

  test('stops at once, though policies want sign-offs of everything else, and says what caches may hold', async () => {
    const server = await furnished();
    const body = { product: 'Firefox', channel: 'release', locale: 'de, fr', reason: 'it crashes' };
    const answer = await stop(server, await server.tokenOf(ed), body);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      name: 'Firefox/release/locale=de,fr',
      revision: 3,
      change: 3,
      cachesHoldSeconds: 90,
      note: 'every node that reaches the database stops within 5 s; caches in front may hold answers for 90 s more',
    });
    const stored = await server.workshop.get('emergency-stop', 'Firefox/release/locale=de,fr');
    expect(stored?.body).toEqual({ product: 'Firefox', channel: 'release', locale: 'de,fr' });
    expect((await server.workshop.change(3)).reason).toBe('it crashes');
  });

  test('of what is stopped already changes nothing', async () => {
    const server = await furnished();
    const token = await server.tokenOf(ed);
    const [first, second] = [
      await stop(server, token, { product: 'Firefox' }),
      await stop(server, token, { product: 'Firefox' }),
    ];
    expect(second.body).toMatchObject({ name: 'Firefox/*', revision: first.body.revision });
    expect(second.body.change).toBeUndefined();
  });

  test('is refused to who may not stop there', async () => {
    const server = await furnished();
    expect((await stop(server, await server.tokenOf(ed), { product: 'Fennec' })).status).toBe(403);
    expect((await stop(server, await server.tokenOf(eve), { product: 'Firefox' })).status).toBe(403);
    expect((await stop(server, await server.tokenOf(ed, ['read']), { product: 'Firefox' })).status).toBe(403);
    expect((await stop(server, await server.tokenOf(ed), { product: 'Fire/fox' })).status).toBe(400);
  });
});
