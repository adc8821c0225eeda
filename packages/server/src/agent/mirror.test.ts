import type { Condition } from 'sluice';
import { describe, expect, test } from 'vitest';
import { fakeServer } from './fake-server.fixture.ts';
import { openMirror } from './mirror.ts';

const later: Condition = { time: { after: '2036-01-01T00:00:00Z' } };

/** A mirror of a server, with a clock that stands still until it is set. */
function mirrored() {
  let nowMs = Date.UTC(2026, 10, 21);
  const server = fakeServer(() => nowMs);
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { server, mirror: openMirror(server.api(), () => nowMs), pass };
}

describe('the mirror', () => {
  test('is loaded once, and then asks only for what was altered', async () => {
    const { server, mirror, pass } = mirrored();
    const ids = Array.from({ length: 5 }, () => server.put({ condition: later }));
    expect((await mirror.refresh()).altered).toEqual(ids);
    pass(120_000);
    expect(await mirror.refresh()).toMatchObject({ altered: [], gone: [] });
    expect(server.asked.get('pending')).toBe(1);
    const added = server.put({ condition: later });
    server.put({ id: ids[0] ?? 0, condition: later });
    server.end(ids[1] ?? 0, 'vetoed');
    const news = await mirror.refresh();
    expect([new Set(news.altered), news.gone]).toEqual([new Set([added, ids[0]]), [ids[1]]]);
    expect([...mirror.pending.keys()].sort()).toEqual([ids[0], ids[2], ids[3], ids[4], added]);
    expect(server.asked.get('pending')).toBe(2);
  });

  test('hears of what was written by a clock that is behind', async () => {
    const { server, mirror, pass } = mirrored();
    await mirror.refresh();
    pass(-50_000);
    const id = server.put({ condition: later });
    pass(51_000);
    expect((await mirror.refresh()).altered).toEqual([id]);
  });

  test('finds what it has missed when it loads everything again', async () => {
    const { server, mirror, pass } = mirrored();
    const id = server.put({ condition: later });
    await mirror.refresh();
    pass(-3_600_000);
    server.end(id, 'vetoed');
    const missed = server.put({ condition: later });
    pass(3_600_000 + 1000);
    expect(await mirror.refresh()).toMatchObject({ altered: [], gone: [] });
    pass(600_000);
    expect(await mirror.refresh()).toMatchObject({ altered: [missed], gone: [id] });
  });

  test('knows the states of those that others wait for, and asks for each once', async () => {
    const { server, mirror, pass } = mirrored();
    const awaited = server.put({ condition: later });
    server.end(awaited, 'enacted');
    pass(3_600_000);
    server.put({ condition: { all: [later, { change: { id: awaited, state: 'enacted' } }] } });
    server.put({ condition: { change: { id: 4711, state: 'enacted' } } });
    await mirror.refresh();
    expect(mirror.stateOf(awaited)?.state).toBe('enacted');
    expect(mirror.stateOf(4711)).toBeUndefined();
    await mirror.refresh();
    expect(server.asked.get('statesOf')).toBe(1);
  });

  test.each(['at first', 'later'])(
    'forgets nothing of what it has learnt when the server goes away meanwhile: %s',
    async (when) => {
      const { server, mirror, pass } = mirrored();
      const over = server.put({ condition: later });
      const awaited = server.put({ condition: later });
      server.end(awaited, 'enacted');
      pass(3_600_000);
      if (when === 'later') await mirror.refresh();
      pass(1000);
      server.end(over, 'vetoed');
      const id = server.put({ condition: { change: { id: awaited, state: 'enacted' } } });
      server.goesAwayAt = 'statesOf';
      await expect(mirror.refresh()).rejects.toThrow('away');
      server.goesAwayAt = undefined;
      expect(await mirror.refresh()).toMatchObject({ altered: [id], gone: when === 'later' ? [over] : [] });
      expect(mirror.stateOf(awaited)?.state).toBe('enacted');
    },
  );
});
