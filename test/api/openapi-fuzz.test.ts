import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnswerCheck, answerCheck } from '../../packages/server/src/admin-faces/api/answer-check.fixture.ts';
import { openApiServer } from '../../packages/server/src/admin-faces/api/api-server.fixture.ts';
import { apiDocument } from '../../packages/server/src/admin-faces/api/open-api.ts';
import { user } from '../../packages/server/src/app/changes/changing.fixture.ts';
import type { Store } from '../../packages/server/src/store.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { type HostileRequest, requestsFor } from './arbitrary-request.ts';
import { openTemporaryStore } from './open-temporary-store.ts';
import { operationsOf } from './operations.ts';
import { columns, furnishProducts, World } from './permission-world.ts';
import { realPreview } from './real-preview.ts';
import { type Reply, send } from './send.ts';

/** What the long form is for: more rounds, each with another seed and over a new store. */
const isLong = process.env['SLUICE_SOAK'] === '1';
const rounds = isLong ? 20 : 2;
const runs = isLong ? 2000 : 700;
const firstSeed = isLong ? Date.now() % 1_000_000 : 20_261_121;
const slowestMs = 10_000;

const document = apiDocument();
const askers = [
  user('admin'),
  user('editor'),
  user('newcomer'),
  { kind: 'service-account', name: 'agent' },
  undefined,
  `sluice_${'x'.repeat(43)}`,
] as const;

/** The check of each answer, by method, path and status. */
const checks = new Map(
  operationsOf(document).flatMap(({ method, path, responses }) =>
    Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.values(content).map(({ schema }): readonly [string, AnswerCheck] => [
        `${method} ${path} ${status}`,
        answerCheck(schema, document),
      ]),
    ),
  ),
);

const isProblem = checks.get('GET /api/v1/me default') ?? (() => 'The document says nothing of problems.');

/** What is wrong with an answer; nothing where all is well. */
function faultOf({ operation, method }: HostileRequest, { status, type, text, tookMs }: Reply): string | undefined {
  if (status >= 500) return `status ${status}`;
  if (tookMs > slowestMs) return `it took ${tookMs} ms`;
  if (status === 204 || method === 'HEAD') return text === '' ? undefined : 'a body where there is none';
  if (type.startsWith('text/event-stream')) return status === 200 ? undefined : `events with status ${status}`;
  if (!/^application\/(?:problem\+)?json\b/.test(type)) return `content type ${type}`;
  const body: unknown = JSON.parse(text);
  if (status >= 400) return type.includes('problem') ? isProblem(body) : `content type ${type}`;
  // A path that is put in order may be one of ours.
  if (operation === undefined) return undefined;
  const check = checks.get(`${operation.method} ${operation.path} ${status}`);
  if (check === undefined) return `an answer with status ${status} that the document does not know`;
  return check(body);
}

/** Asks at random, and answers how often which status came. */
async function fuzz(store: Store, seed: number): Promise<ReadonlyMap<number, number>> {
  const server = await openApiServer(store);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
  try {
    await furnishProducts(server);
    const preview = realPreview(store, folder);
    server.preview = preview;
    const world = new World(server);
    for (const column of columns.slice(0, 4)) {
      await world.chain(column);
      await world.pending(column);
      await world.enacted(column);
      await world.pending(column, { draft: true });
    }
    const tokens: (string | undefined)[] = [];
    for (const asker of askers) tokens.push(typeof asker === 'object' ? await server.tokenOf(asker) : asker);
    const came = new Map<number, number>();
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(requestsFor(document, askers.length), async (hostile) => {
        asked += 1;
        // Who is not let in may not ask so often from one place.
        server.address = `192.0.2.${asked % 250}`;
        const token = tokens[hostile.asker];
        const headers = { ...hostile.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
        const reply = await send(server.url, { ...hostile, headers });
        came.set(reply.status, (came.get(reply.status) ?? 0) + 1);
        const fault = faultOf(hostile, reply);
        if (fault !== undefined)
          throw new Error(`${fault}\n${reply.text.slice(0, 2000)}\n${String(server.bugs.at(-1))}`);
      }),
      { seed, numRuns: runs, endOnFailure: true },
    );
    expect(server.bugs).toEqual([]);
    // Whatever was let through can be served.
    expect((await preview([])).complete).toBe(true);
    return came;
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

function rounded(open: () => Promise<{ readonly store: Store; remove(): Promise<void> }>): void {
  test.each(Array.from({ length: rounds }, (_, round) => firstSeed + round))(
    'no request that a client could make is answered with a bug, seed %i',
    async (seed) => {
      const { store, remove } = await open();
      try {
        const came = await fuzz(store, seed);
        console.info(Object.fromEntries([...came].sort()));
        // A run that is refused everywhere would show nothing.
        for (const status of [200, 201, 400, 401, 403, 404, 409])
          expect(came.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
      } finally {
        await remove();
      }
    },
    isLong ? 600_000 : 120_000,
  );
}

test('each fault of an answer is found where it is planted', () => {
  const operation = operationsOf(document).find(({ operationId }) => operationId === 'getMe');
  const asked = { method: 'GET', path: '', headers: {}, body: undefined, asker: 0, operation };
  const me = {
    status: 200,
    type: 'application/json',
    text: '{"principal":"a","roles":[],"permissions":[]}',
    tookMs: 1,
  };
  const problem = {
    ...me,
    status: 400,
    type: 'application/problem+json',
    text: '{"type":"a","title":"b","status":400}',
  };
  for (const right of [me, problem]) expect(faultOf(asked, right)).toBeUndefined();
  for (const wrong of [
    { ...me, status: 500 },
    { ...me, status: 206 },
    { ...me, status: 204 },
    { ...me, tookMs: slowestMs + 1 },
    { ...me, type: 'text/html' },
    { ...me, text: '{"principal":7,"roles":[],"permissions":[]}' },
    { ...problem, type: 'application/json' },
    { ...problem, text: '{"type":"a"}' },
  ]) {
    expect(faultOf(asked, wrong), JSON.stringify(wrong)).toBeTypeOf('string');
  }
});

describe('over an embedded database', () => rounded(openTemporaryStore));

describeWithPostgres('over PostgreSQL', (postgres) => {
  rounded(async () => {
    const store = await openStore({ data: '', databaseUrl: await postgres().makeSchema() });
    return { store, remove: () => store.close() };
  });
});
