import { expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { lehmer } from './lehmer.ts';
import { type ApiAnswer, type People, type Person, peopleIn, well } from './people.ts';
import { makeFolder, type Server, serve } from './sluice-process.ts';

const isLong = process.env['SLUICE_SOAK'] === '1';
const clients = isLong ? 50 : 12;
const lastsMs = isLong ? 60_000 : 6000;
/** However slow the machine is: so many must have come to an end. */
const leastEnacted = isLong ? 50 : 20;
const mostMs = 120_000;

/** What clients were told had happened, by the number of the change. */
type Acknowledged = Map<number, Set<string>>;

describeWithPostgres('a crowd that changes the same objects', (postgres) => {
  test.each(['SQLite', 'two nodes on PostgreSQL'])(
    `on %s: ${clients} clients for ${lastsMs / 1000} s leave a linear history, every acknowledged change once, and a chain that holds`,
    async (where) => {
      const data = makeFolder();
      const place = where === 'SQLite' ? { data } : { data, databaseUrl: await postgres().makeDatabase() };
      const options = { environment: 'databaseUrl' in place ? { DATABASE_URL: place.databaseUrl } : {} };
      const people = await peopleIn(place, 'protected');
      // All clients of a role are one person here.
      const rate = ['--set', 'api.perSecond=100000', '--set', 'api.burst=100000'];
      const nodes = [await serve(data, rate, options)];
      if ('databaseUrl' in place) nodes.push(await serve(makeFolder(), rate, options));
      const acknowledged: Acknowledged = new Map();
      const statuses = new Map<number, number>();
      const startedMs = Date.now();
      const isOver = (): boolean => {
        const ms = Date.now() - startedMs;
        const enacted = [...acknowledged.values()].filter((states) => states.has('enacted')).length;
        return ms > mostMs || (ms > lastsMs && enacted >= leastEnacted);
      };
      await Promise.all(
        Array.from({ length: clients }, (_, index) => {
          const node = nodes[index % nodes.length];
          if (node === undefined) throw new Error('there is no node');
          return client({ node, people, random: lehmer(1000 + index), isOver, acknowledged, statuses });
        }),
      );
      const [node] = nodes;
      if (node === undefined) throw new Error('there is no node');
      const seen = await everyChange(people.root, node);
      for (const [id, states] of acknowledged) {
        const change = seen.get(id);
        expect(change, `change ${id}`).toBeDefined();
        if (states.has('enacted')) expect(change?.state).toBe('enacted');
        if (states.has('vetoed')) expect(change?.state).toBe('vetoed');
      }
      // Every version of the rule was made by one change, which is enacted, and each of these made one version.
      const { versions } = await well(people.root.ask(node.adminPort, 'GET', '/objects/rule/10/versions?limit=500'));
      const makers = versions.map(({ change }: { change?: number }) => change);
      expect(new Set(makers).size).toBe(makers.length);
      const enacted = [...seen.values()].filter(({ state }) => state === 'enacted').length;
      const count = [...statuses].sort().map(([status, times]) => `${times} × ${status}`);
      expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
      const verified = await well(people.root.ask(node.adminPort, 'GET', '/audit/verify'));
      console.info(
        `${where}: ${seen.size} changes, ${enacted} enacted; answers ${count.join(', ')}; the chain has ${verified.entries} entries`,
      );
      expect(verified).toMatchObject({ ok: true });
      const commits = await everyCommit(people.root, node);
      expect(commits.map(({ revision }) => revision)).toEqual(commits.map((_, index) => commits.length - index));
      expect(enacted).toBeGreaterThanOrEqual(leastEnacted);
    },
  );
});

interface ClientParts {
  readonly node: Server;
  readonly people: People;
  readonly random: () => number;
  readonly isOver: () => boolean;
  readonly acknowledged: Acknowledged;
  readonly statuses: Map<number, number>;
}

/** Proposes, signs, enacts, vetoes and reverts, whatever it may meet. */
async function client({ node, people, random, isOver, acknowledged, statuses }: ClientParts): Promise<void> {
  const note = ({ status, body }: ApiAnswer): void => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status >= 300 || typeof body?.id !== 'number') return;
    acknowledged.set(body.id, (acknowledged.get(body.id) ?? new Set()).add(body.state));
  };
  const act = async (who: Person, id: number, what: string, body: object): Promise<ApiAnswer> => {
    const seen = await who.ask(node.adminPort, 'GET', `/changes/${id}`);
    const headers = { 'If-Match': seen.headers.get('etag') ?? '"0"' };
    const answer = await who.ask(node.adminPort, 'POST', `/changes/${id}/${what}`, body, headers);
    note(answer);
    return answer;
  };
  while (!isOver()) {
    const rule = await people.ed.ask(node.adminPort, 'GET', '/objects/rule/10');
    const patch =
      random() < 0.5
        ? { share: { kind: 'percent', percent: Math.floor(random() * 100) } }
        : { comment: String(random()) };
    const edits = [{ kind: 'rule', name: '10', expectedVersion: rule.body.version, op: 'patch', patch }];
    const proposed = await people.ed.ask(node.adminPort, 'POST', '/changes', { reason: 'one of many', edits });
    note(proposed);
    if (proposed.status >= 300) continue;
    const { id } = proposed.body;
    const next = random();
    if (next < 0.1) {
      await act(people.mary, id, 'veto', { reason: 'no' });
      continue;
    }
    await act(people.ada, id, 'sign-off', {});
    if (next < 0.2) await act(people.ada, id, 'withdraw-sign-off', {});
    const last = await act(people.mary, id, 'sign-off', {});
    const enacted = await act(people.ed, id, 'enact', {});
    const isEnacted = [last, enacted].some(({ body }) => body?.state === 'enacted');
    // What somebody else was faster with is not left lying about.
    if (!isEnacted) await act(people.ed, id, 'veto', { reason: 'too late' });
    if (isEnacted && next > 0.8) {
      note(await people.ed.ask(node.adminPort, 'POST', `/changes/${id}/revert`, { reason: 'back' }));
    }
  }
}

async function everyChange(who: Person, node: Server): Promise<ReadonlyMap<number, { readonly state: string }>> {
  const seen = new Map<number, { readonly state: string }>();
  for (let cursor = ''; ; ) {
    const page = await well(who.ask(node.adminPort, 'GET', `/changes?limit=500${cursor}`));
    for (const change of page.changes) {
      expect(seen.has(change.id)).toBe(false);
      seen.set(change.id, change);
    }
    if (page.next === undefined) return seen;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

async function everyCommit(who: Person, node: Server): Promise<readonly { readonly revision: number }[]> {
  const commits: { readonly revision: number }[] = [];
  for (let before = ''; ; ) {
    const page = await well(who.ask(node.adminPort, 'GET', `/commits?limit=500${before}`));
    commits.push(...page.commits);
    const last = commits.at(-1)?.revision ?? 0;
    if (page.commits.length === 0 || last === 1) return commits;
    before = `&before=${last}`;
  }
}
