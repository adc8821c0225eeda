import { expect, test } from 'vitest';
import { describeWithPostgres } from '../../packages/server/src/stores/postgres/postgres-server.fixture.ts';
import { type People, peopleIn, well } from './people.ts';
import { makeFolder, type Server, serve } from './sluice-process.ts';

/** A change of which nothing but the audit log and the list of changes tells: it is written down, and nothing is altered. */
async function writeDraft({ ed }: People, { adminPort }: Server): Promise<number> {
  const edit = { kind: 'rule', name: '10', expectedVersion: 1, op: 'patch', patch: { priority: 7 } };
  const { id } = await well(ed.ask(adminPort, 'POST', '/changes', { reason: 'up', edits: [edit], draft: true }));
  return id;
}

/** Listens to the changes at a node, from now on. */
async function listen({ ed }: People, { adminPort }: Server) {
  const response = await fetch(`http://127.0.0.1:${adminPort}/api/v1/changes/events`, {
    headers: { Authorization: `Bearer ${ed.token}` },
  });
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  /** All that came until it holds this, or until the end. */
  const until = async (wanted: string): Promise<string> => {
    while (!text.includes(wanted)) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) return `${text}(the end)`;
      text += value;
    }
    return text;
  };
  await until('id: ');
  return { until };
}

test('who listens hears at once of what only the audit log tells, and does not hold up a server that stops', async () => {
  const data = makeFolder();
  const people = await peopleIn({ data }, 'protected');
  const server = await serve(data);
  const { until } = await listen(people, server);
  const id = await writeDraft(people, server);
  const writtenMs = performance.now();
  expect(await until('change.drafted')).toContain('event: change.drafted\n');
  console.info(`a draft was heard of ${Math.round(performance.now() - writtenMs)} ms after it was answered`);
  expect(await until(`{"change":${id},`)).toContain('"state":"draft"');
  const { code } = await server.stop();
  expect(code).toBe(0);
  expect(await until('nothing')).toContain('(the end)');
});

describeWithPostgres('two nodes on one PostgreSQL', (postgres) => {
  test('each tell of what was done at the other', async () => {
    const databaseUrl = await postgres().makeDatabase();
    const people = await peopleIn({ data: makeFolder(), databaseUrl }, 'protected');
    const options = { environment: { DATABASE_URL: databaseUrl } };
    const nodes = [await serve(makeFolder(), [], options), await serve(makeFolder(), [], options)] as const;
    const heard = await Promise.all(nodes.map((node) => listen(people, node)));
    for (const node of nodes) {
      const id = await writeDraft(people, node);
      for (const { until } of heard) expect(await until(`{"change":${id},`)).toContain('change.drafted');
    }
    for (const node of nodes) expect((await node.stop()).code).toBe(0);
  });
});
