import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { commitEvents } from './commit-events.ts';
import { edgeToken, openEdgeNode } from './edge-node.fixture.ts';

/** A node that has new snapshots when it is told. */
function aNode() {
  const watchers = new Set<() => void>();
  const stopping = new AbortController();
  let revision = 1;
  const app = {
    mark: () => ({ revision, commit: '' }),
    watch(onSnapshot: () => void) {
      watchers.add(onSnapshot);
      return () => watchers.delete(onSnapshot);
    },
    stopping: stopping.signal,
  };
  const commit = (): void => {
    revision += 1;
    for (const watcher of watchers) watcher();
  };
  return { app, commit, stop: () => stopping.abort(), watching: () => watchers.size };
}

function readerOf(response: Response) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('no body');
  return {
    next: async (): Promise<string | undefined> => {
      const { value } = await reader.read();
      return value === undefined ? undefined : new TextDecoder().decode(value);
    },
    leave: () => reader.cancel(),
  };
}

describe('a listener', () => {
  test('is told at once, and of each new snapshot', async () => {
    const { app, commit } = aNode();
    const { next, leave } = readerOf(commitEvents(app)());
    expect(await next()).toBe('event: commit\ndata: {"revision":1}\n\n');
    commit();
    expect(await next()).toBe('event: commit\ndata: {"revision":2}\n\n');
    await leave();
  });

  test('hears something also when nothing happens', async () => {
    const { next, leave } = readerOf(commitEvents(aNode().app, { keepAliveMs: 10 })());
    await next();
    expect([await next(), await next()]).toEqual([':\n\n', ':\n\n']);
    await leave();
  });

  test('is one too many when there are many, until one leaves', async () => {
    const { app, watching } = aNode();
    const listen = commitEvents(app, { most: 2 });
    const [first] = [readerOf(listen()), readerOf(listen())];
    expect(() => listen()).toThrow('2 listen already');
    await first?.leave();
    expect(watching()).toBe(1);
    listen();
    expect(() => listen()).toThrow('2 listen already');
  });

  test('that does not read is sent away before much waits for it', async () => {
    const { app, commit, watching } = aNode();
    const { next } = readerOf(commitEvents(app)());
    for (let i = 0; i < 100; i += 1) commit();
    expect(watching()).toBe(0);
    await expect(next()).rejects.toThrow('does not read');
  });

  test('is sent away when the node stops, and nobody can come then', async () => {
    const { app, stop, watching } = aNode();
    const listen = commitEvents(app);
    const { next } = readerOf(listen());
    await next();
    stop();
    expect(await next()).toBeUndefined();
    expect(watching()).toBe(0);
    expect(() => listen()).toThrow('this node stops');
  });
});

describe('over a socket', () => {
  test('it hears of a snapshot, is forgotten when it goes, and does not hold up a node that stops', async () => {
    const node = await openEdgeNode();
    const headers = { Authorization: `Bearer ${edgeToken}` };
    const response = await fetch(`${node.url}/edge/v1/events`, { headers });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const { next, leave } = readerOf(response);
    expect(await next()).toContain('"revision":0');
    node.publish({ mark: { revision: 1, commit: 'c' }, whole: true, objects: [], deleted: [] });
    expect(await next()).toContain('"revision":1');
    expect(node.watching()).toBe(1);
    await leave();
    for (const deadline = Date.now() + 5000; node.watching() > 0; await pause(5)) {
      if (Date.now() > deadline) throw new Error('who has gone is still told');
    }
    const staying = readerOf(await fetch(`${node.url}/edge/v1/events`, { headers }));
    await staying.next();
    const beganAt = performance.now();
    await node.close();
    expect(await staying.next()).toBeUndefined();
    expect(performance.now() - beganAt).toBeLessThan(450);
    expect(node.bugs).toEqual([]);
  });
});
