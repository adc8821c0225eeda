import { describe, expect, test } from 'vitest';
import type { SuperBlob } from './blob.ts';
import { aSnapshot, type Objects } from './configuration.fixture.ts';
import { decide } from './decide.ts';
import type { Decision, Serve } from './decision.ts';
import type { Release, Request } from './model.ts';
import { aRelease } from './release.fixture.ts';
import { aRequest } from './request.fixture.ts';
import { aRule, percent } from './rule.fixture.ts';
import { ticket } from './ticket.ts';

const salt = 't1v9x0q7m1z5c8b2';
const winning = 1;
const losing = 16_777_214;

function superblob(name: string, lists: Pick<SuperBlob, 'products' | 'blobs'>): Release {
  return aRelease('SystemAddons', { schema_version: 4000, name, ...lists });
}

function addons(product: string, name: string): Release {
  return aRelease(product, { schema_version: 5000, name, hashFunction: 'sha512' });
}

const parent = aRule({ id: 1, product: 'SystemAddons', release: 'both' });
const one = aRule({ id: 2, product: 'One', release: 'one', fallback: 'one-before', share: percent(50) });
const two = aRule({ id: 3, product: 'Two', release: 'two', updateType: 'major', share: percent(50) });
const world: Objects = {
  rules: [parent, one, two],
  releases: [
    superblob('both', { products: ['One', 'Two'] }),
    addons('One', 'one'),
    addons('One', 'one-before'),
    addons('Two', 'two'),
  ],
};

function decided(objects: Objects, request: Partial<Request>, tickets: readonly number[] = []): Decision {
  const left = [...tickets];
  const decision = decide(aSnapshot(objects), aRequest({ product: 'SystemAddons', ...request }), 0, () => {
    const next = left.shift();
    if (next === undefined) throw new Error('more tickets were drawn than expected');
    return next;
  });
  expect(left, 'tickets that were not drawn').toEqual([]);
  return decision;
}

function served(objects: Objects, request: Partial<Request>, tickets: readonly number[] = []): Serve {
  const decision = decided(objects, request, tickets);
  if (decision.kind !== 'serve') throw new Error(decision.reason);
  return decision;
}

function partsOf({ parts }: Serve): readonly string[] {
  return parts.map(({ product, release, updateType }) => `${product} ${release.name} ${updateType}`);
}

describe('a superblob that lists products', () => {
  test('is made of what each of them gets by its own rules', () => {
    const decision = served(world, {}, [winning, winning]);
    expect(partsOf(decision)).toEqual(['One one minor', 'Two two major']);
    expect(decision).toMatchObject({ rule: { id: 1 }, release: { name: 'both' }, candidate: 'both' });
    expect(decision.products).toMatchObject([
      { product: 'One', decision: { kind: 'serve', rule: { id: 2 } } },
      { product: 'Two', decision: { kind: 'serve', rule: { id: 3 } } },
    ]);
  });

  test('draws anew for each of them', () => {
    expect(partsOf(served(world, {}, [winning, losing]))).toEqual(['One one minor']);
    expect(partsOf(served(world, {}, [losing, winning]))).toEqual(['One one-before minor', 'Two two major']);
  });

  test('tells of those that get nothing, and why', () => {
    const decision = served({ ...world, rules: [parent, two] }, {}, [losing]);
    expect(partsOf(decision)).toEqual([]);
    expect(decision.products?.map((each) => (each.decision.kind === 'hold' ? each.decision.reason : ''))).toEqual([
      'no-rule',
      'outside-share',
    ]);
  });

  test('is drawn when one of them is', () => {
    const { rules: _, ...rest } = world;
    const certain = { ...rest, rules: [parent, { ...one, share: percent(100) }, { ...two, share: percent(0) }] };
    expect(served(certain, {}).drawn).toBe(false);
    expect(served(world, {}, [losing, losing]).drawn).toBe(true);
    expect(served({ ...rest, rules: [parent, two] }, {}, [losing]).drawn).toBe(true);
  });

  test('holds what an emergency stop of one of them holds, and nothing else', () => {
    const stopped = { ...world, stops: [{ product: 'One' }] };
    const decision = served(stopped, {}, [winning]);
    expect(partsOf(decision)).toEqual(['Two two major']);
    expect(decision.products?.[0]?.decision).toMatchObject({ kind: 'hold', reason: 'stopped', stop: 'stop 1' });
    expect(partsOf(served(stopped, { forced: 'main' }))).toEqual(['Two two major']);
  });

  test('passes a throttle once, as a whole', () => {
    const throttles = [
      { product: 'SystemAddons', version: '1.0', percent: 50, salt },
      { product: 'One', version: '1.0', percent: 0, salt },
    ];
    const throttled = { ...world, throttles, global: { on: true, percent: 0, salt } };
    expect(partsOf(served(throttled, {}, [winning, winning, winning]))).toEqual(['One one minor', 'Two two major']);
    expect(decided(throttled, {}, [losing])).toMatchObject({ kind: 'hold', reason: 'throttled' });
  });

  test('gives a forced request all of them', () => {
    const decision = served(world, { forced: 'main' });
    expect(partsOf(decision)).toEqual(['One one minor', 'Two two major']);
    expect(decision.drawn).toBe(false);
    expect(partsOf(served(world, { forced: 'fallback' }))).toEqual(['One one-before minor']);
  });

  test('is the same for a unit at every call, with a ticket of its own for each product', () => {
    const unit = { kind: 'id', id: 'install-42' } as const;
    const apart = { ...two, salt: 'r3v9x0q7m1z5c8b2' };
    const decision = served({ ...world, rules: [parent, one, apart] }, { unit });
    expect(decision.products?.map((each) => each.decision.share?.ticket)).toEqual([
      ticket(one.salt, unit.id),
      ticket(apart.salt, unit.id),
    ]);
  });

  test('says that a product which cannot be asked is a mistake of its own', () => {
    const asking = { ...two, version: '<2.0' };
    const decision = served({ ...world, rules: [parent, one, asking] }, { version: 'junk' }, [winning]);
    expect(partsOf(decision)).toEqual(['One one minor']);
    expect(decision.products?.[1]?.decision).toMatchObject({ kind: 'invalid', reason: 'invalid-version' });
  });

  test('that lists itself, or another superblob, ends there', () => {
    const circle = {
      rules: [parent, aRule({ id: 2, product: 'One', release: 'named' })],
      releases: [
        superblob('both', { products: ['SystemAddons', 'One', 'One'] }),
        superblob('named', { blobs: ['both'] }),
      ],
    };
    const decision = served(circle, {});
    expect(partsOf(decision)).toEqual([]);
    expect(decision.products?.map((each) => each.decision)).toMatchObject([
      { kind: 'serve', release: { name: 'both' }, parts: [] },
      { kind: 'serve', release: { name: 'named' }, parts: [] },
      { kind: 'serve', release: { name: 'named' }, parts: [] },
    ]);
  });

  test('may list none', () => {
    const empty = { rules: [parent], releases: [superblob('both', { products: [] })] };
    expect(served(empty, {})).toMatchObject({ parts: [], products: [] });
  });
});

describe('a superblob that lists releases', () => {
  test('is made of them without rules, each with its own product', () => {
    const named = {
      rules: [parent],
      releases: [superblob('both', { blobs: ['two', 'one'] }), ...(world.releases ?? []).slice(1)],
    };
    expect(partsOf(served(named, {}))).toEqual(['Two two minor', 'One one minor']);
    expect(served(named, {}).products).toBe(undefined);
  });

  test('leaves out those that do not exist, and may name none', () => {
    const named = { rules: [parent], releases: [superblob('both', { blobs: ['gone', 'one'] }), addons('One', 'one')] };
    expect(partsOf(served(named, {}))).toEqual(['One one minor']);
    expect(served({ rules: [parent], releases: [superblob('both', {})] }, {}).parts).toEqual([]);
  });

  test('that names itself or another superblob is not followed further', () => {
    const releases = [
      superblob('both', { blobs: ['both', 'other'] }),
      superblob('other', { products: ['SystemAddons'] }),
    ];
    expect(partsOf(served({ rules: [parent], releases }, {}))).toEqual([
      'SystemAddons both minor',
      'SystemAddons other minor',
    ]);
  });
});
