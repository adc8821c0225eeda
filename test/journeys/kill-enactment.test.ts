import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../packages/server/src/app/audit/verify-audit.ts';
import type { Store } from '../../packages/server/src/store.ts';
import { openStore } from '../../packages/server/src/stores/index.ts';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { lehmer } from './lehmer.ts';
import { type Person, peopleIn, well } from './people.ts';
import { makeFolder, type Server, serve } from './sluice-process.ts';

const kills = process.env['SLUICE_SOAK'] === '1' ? 30 : 3;
const writers = 3;

describeWithPostgres('an enactment', (postgres) => {
  test.each(['SQLite', 'PostgreSQL'])(
    `on %s is wholly in or wholly out and never twice, when the node is killed ${kills} times`,
    async (where) => {
      const data = makeFolder();
      const place = where === 'SQLite' ? { data } : { data, databaseUrl: await postgres().makeDatabase() };
      const options = { environment: 'databaseUrl' in place ? { DATABASE_URL: place.databaseUrl } : {} };
      const { ed } = await peopleIn(place, 'open');
      const random = lehmer(20_261_121);
      const acknowledged = new Set<number>();
      const tally = { enacted: 0, pending: 0, unacknowledged: 0 };
      for (let round = 0; round < kills; round += 1) {
        const server = await serve(data, ['--set', 'api.perSecond=100000', '--set', 'api.burst=100000'], options);
        if (round === 0) await addRule(ed, server);
        const writing = Array.from({ length: writers }, (_, index) =>
          write(ed, server, `${round}/${index}`, acknowledged),
        );
        const before = acknowledged.size;
        for (const deadline = Date.now() + 20_000; acknowledged.size < before + 2 && Date.now() < deadline; )
          await pause(5);
        await pause(100 * random());
        await server.stop('SIGKILL');
        await Promise.all(writing);
        const store = await openStore(place);
        try {
          Object.assign(tally, await check(store, acknowledged));
        } finally {
          await store.close();
        }
      }
      console.info(
        `${where}: ${kills} kills; ${acknowledged.size} enactments acknowledged, ${tally.enacted} enacted, ${tally.pending} pending`,
      );
      expect(acknowledged.size).toBeGreaterThan(kills);
    },
  );
});

async function addRule(ed: Person, { adminPort }: Server): Promise<void> {
  const body = { priority: 1, product: 'Firefox', release: 'Firefox-desupport' };
  const edits = [{ kind: 'rule', name: '11', expectedVersion: 0, op: 'put', body }];
  await well(ed.ask(adminPort, 'POST', '/changes', { reason: 'another rule', edits }));
}

/** Alters two rules at once, over and over, at once or in two steps, until nobody answers any more. */
async function write(ed: Person, { adminPort }: Server, name: string, acknowledged: Set<number>): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    try {
      const edits = [];
      for (const rule of ['10', '11']) {
        const { body } = await ed.ask(adminPort, 'GET', `/objects/rule/${rule}`);
        edits.push({
          kind: 'rule',
          name: rule,
          expectedVersion: body.version,
          op: 'patch',
          patch: { comment: `${name}/${turn}` },
        });
      }
      const later = { condition: { time: { after: '2026-01-01T00:00:00Z' } } };
      const proposal = { reason: `${name}/${turn}`, edits, ...(turn % 2 === 0 && later) };
      const proposed = await ed.ask(adminPort, 'POST', '/changes', proposal);
      if (proposed.status >= 300) continue;
      const { id } = proposed.body;
      const answer = turn % 2 === 0 ? await ed.ask(adminPort, 'POST', `/changes/${id}/enact`, {}) : proposed;
      if (answer.status < 300 && answer.body.state === 'enacted') acknowledged.add(id);
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
  }
}

/** Holds the changes, the versions of both rules and the audit log against each other. */
async function check(store: Store, acknowledged: ReadonlySet<number>) {
  const changes = await every(
    (before) => store.read((view) => view.changes({ before, limit: 1000 })),
    ({ id }) => id,
  );
  const enacted = changes.filter(({ state }) => state === 'enacted');
  const ids = new Set(enacted.map(({ id }) => id));
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  const [ten, eleven] = await Promise.all([store.history('rule', '10'), store.history('rule', '11')]);
  const altered = enacted.filter(
    ({ objects }) => objects.length === 2 && objects.every(({ madeVersion }) => madeVersion !== undefined),
  );
  // Each enacted change made one version of each rule, in one revision; nobody else made any.
  const revisionsOf = (history: typeof ten) =>
    history.filter(({ version }) => version > 1).map(({ revision }) => revision);
  const revisions = altered.map(({ end }) => end?.revision).sort((a = 0, b = 0) => b - a);
  expect(revisionsOf(ten)).toEqual(revisions);
  expect(revisionsOf(eleven)).toEqual(revisions);
  expect(ten.slice(0, -1).map(({ reason }) => reason)).toEqual(eleven.slice(0, -1).map(({ reason }) => reason));
  const audit = (before: number) => store.read((view) => view.audit({ action: 'change.enacted', before, limit: 1000 }));
  const entries = await every(audit, ({ seq }) => seq);
  expect(entries.map(({ change }) => change).sort()).toEqual([...ids].sort());
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
  return { enacted: enacted.length, pending: changes.length - enacted.length };
}

/** All pages, newest first. */
async function every<T>(
  page: (before: number) => Promise<readonly T[]>,
  numberOf: (one: T) => number,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const some = await page(before);
    const last = some.at(-1);
    if (last === undefined) return all;
    all.push(...some);
    before = numberOf(last);
  }
}
