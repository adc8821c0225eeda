import { describe, expect, test } from 'vitest';
import { openEdgeNode } from '../admin-faces/edge/edge-node.fixture.ts';
import { Meter } from '../metrics/meter.ts';
import { openDoor } from './edge/door.fixture.ts';
import { openEdgePlace } from './edge/edge-place.fixture.ts';
import { openFollowedNode } from './edge/followed-node.fixture.ts';
import { openReplaceableStore } from './replaceable-store.fixture.ts';
import { describeSource, type SourcePlace } from './source.contract.ts';

async function make(): Promise<SourcePlace> {
  const stores = await openReplaceableStore();
  const node = await openFollowedNode(stores.followed);
  const door = await openDoor();
  door.leadTo(node.url);
  const edge = openEdgePlace(door.url);
  return {
    source: edge.source,
    shelf: edge.shelf,
    store: stores.store,
    replaceStore: stores.replace,
    setReachable: (reachable) => (reachable ? door.open() : door.shut()),
    async remove() {
      await edge.remove();
      await node.close();
      await door.close();
      await stores.remove();
    },
  };
}

describeSource('a node as a source', make);

describe('an edge of an edge', () => {
  describeSource('is a source like any other', async () => {
    const stores = await openReplaceableStore();
    const node = await openFollowedNode(stores.followed);
    const between = openEdgePlace(node.url);
    const second = await openFollowedNode(between.source, { shelf: between.shelf });
    const door = await openDoor();
    door.leadTo(second.url);
    const edge = openEdgePlace(door.url);
    return {
      source: edge.source,
      shelf: edge.shelf,
      store: stores.store,
      replaceStore: stores.replace,
      setReachable: (reachable) => (reachable ? door.open() : door.shut()),
      async remove() {
        await edge.remove();
        await second.close();
        await between.remove();
        await node.close();
        await door.close();
        await stores.remove();
      },
    };
  });
});

describe('an edge', () => {
  test('reports what it counted when it is closed', async () => {
    const node = await openEdgeNode();
    const edge = openEdgePlace(node.url);
    const meter = new Meter();
    edge.source.report({ reading: () => meter.read(), onTrouble: () => {} });
    expect(() => edge.source.report({ reading: () => meter.read(), onTrouble: () => {} })).toThrow('reports once');
    meter.answered(200, 0.001);
    await edge.source.close();
    expect(node.readings.total()).toContainEqual({ name: 'requests', labels: ['200'], value: 1 });
    await edge.remove();
    await node.close();
  });

  test('says when what it sends can be read on the way', async () => {
    const places = ['http://127.0.0.1:9', 'https://node.example.org', 'http://node.example.org'].map((from) =>
      openEdgePlace(from),
    );
    expect(places.map(({ doubts }) => doubts.length)).toEqual([0, 0, 1]);
    for (const place of places) await place.remove();
  });
});
