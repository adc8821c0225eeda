import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { peopleIn, well } from './people.ts';
import { makeFolder, serve } from './sluice-process.ts';

const share = (percent: number) => ({ share: { kind: 'percent', percent } });

test('25 % and then 0 % are scheduled, signed by two roles, met by others, vetoed, enacted and taken back', async () => {
  const data = makeFolder();
  const { ada, mary, ed, root } = await peopleIn({ data }, 'protected');
  const { adminPort: port } = await serve(data, ['--set', 'agent.inside=false']);
  const rule = (percent: number, expectedVersion: number) => ({
    kind: 'rule',
    name: '10',
    expectedVersion,
    op: 'patch',
    patch: share(percent),
  });
  const soon = new Date(Date.now() + 1500).toISOString();
  const up = await well(
    ed.ask(port, 'POST', '/changes', { reason: 'up', edits: [rule(25, 1)], condition: { time: { after: soon } } }),
  );
  expect(up).toMatchObject({ state: 'pending', facts: { isSigned: false, truth: 'false' } });
  const down = await well(
    ed.ask(port, 'POST', '/changes', {
      reason: 'down',
      edits: [rule(0, 1)],
      condition: { all: [{ change: { id: up.id, state: 'enacted' } }, { time: { after: soon } }] },
    }),
  );
  const sign = async (id: number, who: typeof ada) => {
    const { headers } = await ed.ask(port, 'GET', `/changes/${id}`);
    return well(who.ask(port, 'POST', `/changes/${id}/sign-off`, {}, { 'If-Match': headers.get('etag') ?? '' }));
  };
  await sign(up.id, ada);
  expect((await sign(up.id, mary)).facts.isSigned).toBe(true);
  expect((await ed.ask(port, 'POST', `/changes/${up.id}/enact`, {})).body.type).toBe('/problems/change-not-due');

  // Someone alters another part of the rule meanwhile, with sign-offs of its own.
  const aside = await well(
    ed.ask(port, 'POST', '/changes', { reason: 'aside', edits: [{ ...rule(0, 1), patch: { comment: 'new' } }] }),
  );
  await sign(aside.id, ada);
  expect((await sign(aside.id, mary)).state).toBe('enacted');
  const rebased = await well(ed.ask(port, 'GET', `/changes/${up.id}`));
  expect(rebased).toMatchObject({ conflicts: [], facts: { isSigned: true }, edits: [{ expectedVersion: 2 }] });

  // Another one wants 50 % at the same time, and waits for nobody.
  const other = await well(
    ed.ask(port, 'POST', '/changes', { reason: 'other', edits: [rule(50, 2)], condition: { time: { after: soon } } }),
  );
  expect(other.warnings.map(({ detail }: { detail: string }) => detail).join()).toContain(
    `change ${up.id} alters the same`,
  );
  while (Date.now() < Date.parse(soon)) await pause(50);
  expect((await well(ed.ask(port, 'POST', `/changes/${up.id}/enact`, {}))).state).toBe('enacted');
  const stuck = await well(ed.ask(port, 'GET', `/changes/${other.id}`));
  expect(stuck.conflicts).toMatchObject([{ kind: 'rule', name: '10', change: up.id, paths: ['/share'] }]);
  expect((await sign(down.id, ada)).conflicts).toEqual([]);
  expect((await mary.ask(port, 'POST', `/changes/${other.id}/veto`, { reason: 'not like this' })).body.state).toBe(
    'vetoed',
  );
  await sign(down.id, mary);
  expect((await well(ed.ask(port, 'POST', `/changes/${down.id}/enact`, {}))).state).toBe('enacted');

  const back = await well(ed.ask(port, 'POST', `/changes/${down.id}/revert`, { reason: 'back' }));
  await sign(back.id, ada);
  expect((await sign(back.id, mary)).state).toBe('enacted');

  const revisionOf = async (id: number) => (await well(ed.ask(port, 'GET', `/changes/${id}`))).end.revision;
  const at = async (asOf: number) => (await well(ed.ask(port, 'GET', `/objects/rule/10?asOf=${asOf}`))).body;
  expect(await at(1)).toMatchObject(share(100));
  expect(await at(await revisionOf(up.id))).toMatchObject({ ...share(25), comment: 'new' });
  expect(await at(await revisionOf(down.id))).toMatchObject({ ...share(0), comment: 'new' });
  expect(await at(await revisionOf(back.id))).toMatchObject({ ...share(25), comment: 'new' });
  expect(await well(root.ask(port, 'GET', '/audit/verify'))).toMatchObject({ ok: true });
});
