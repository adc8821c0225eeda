import { describe, expect, test } from 'vitest';
import { compareTree, type ServedObject } from './compare-tree.ts';
import type { TreeObject } from './read-object-file.ts';

const salt = 'abcdefgh12345678';
const served = (name: string, percent: number, version = 3): ServedObject => ({
  kind: 'throttle',
  name,
  version,
  body: { product: 'MyApp', version: name, percent, salt },
});
const inFile = (name: string, percent: number, rest: object = {}): TreeObject => ({
  kind: 'throttle',
  name,
  path: `throttle/${name}.yaml`,
  body: { product: 'MyApp', version: name, percent, ...rest },
});
const managed = new Set(['throttle'] as const);
const careful = { prune: false };

describe('a folder beside a server', () => {
  test('needs no edit where both say the same, also without the salt', () => {
    const objects = [inFile('1', 10), inFile('2', 20, { salt })];
    const { edits, differences, stays } = compareTree(
      { objects, managed },
      [served('1', 10), served('2', 20)],
      careful,
    );
    expect([edits, differences, stays]).toEqual([[], [], []]);
  });

  test('creates what is new, patches what differs, and deletes what has no file', () => {
    const objects = [inFile('1', 15), inFile('4', 40)];
    const { edits } = compareTree({ objects, managed }, [served('1', 10), served('2', 20, 7)], careful);
    expect(edits).toEqual([
      { kind: 'throttle', name: '1', expectedVersion: 3, op: 'patch', patch: { percent: 15 } },
      { kind: 'throttle', name: '4', expectedVersion: 0, op: 'put', body: objects[1]?.body },
      { kind: 'throttle', name: '2', expectedVersion: 7, op: 'delete' },
    ]);
  });

  test('leaves kinds alone that have no folder', () => {
    const { edits, stays } = compareTree({ objects: [], managed: new Set() }, [served('1', 10)], { prune: true });
    expect([edits, stays]).toEqual([[], []]);
  });

  test('does not delete the last of a kind unless it is told to', () => {
    const stopped = compareTree({ objects: [], managed }, [served('1', 10)], careful);
    expect(stopped.edits).toEqual([]);
    expect(stopped.stays).toMatchObject([{ name: '1', why: expect.stringContaining('--prune') }]);
    expect(compareTree({ objects: [], managed }, [served('1', 10)], { prune: true }).edits).toMatchObject([
      { name: '1', op: 'delete' },
    ]);
  });

  test('never lifts an emergency stop', () => {
    const kind = 'emergency-stop' as const;
    const stop = (product: string): ServedObject => ({ kind, name: `${product}/*`, version: 1, body: { product } });
    const objects = [{ ...stop('Other'), path: 'emergency-stop/Other%2F*.yaml' }];
    const tree = { objects, managed: new Set([kind]) };
    const { edits, stays } = compareTree(tree, [stop('MyApp'), stop('Other')], { prune: true });
    expect(edits).toEqual([]);
    expect(stays).toMatchObject([{ kind, name: 'MyApp/*' }]);
  });

  test('replaces what no patch can make', () => {
    const blob = { ...served('1', 10), kind: 'release' as const, body: { product: 'A', blob: { a: 1 } } };
    const file = {
      kind: 'release' as const,
      name: '1',
      path: 'release/1.yaml',
      body: { product: 'A', blob: { a: null } },
    };
    const { edits } = compareTree({ objects: [file], managed: new Set(['release'] as const) }, [blob], careful);
    expect(edits).toEqual([{ kind: 'release', name: '1', expectedVersion: 3, op: 'put', body: file.body }]);
  });
});
