import fc from 'fast-check';
import { decide, type Request } from 'sluice';
import { describe, expect, test } from 'vitest';
import type { KindName } from '../kind.ts';
import type { ShelvedRelease } from '../snapshot/manifest.ts';
import type { StoreChanges, StoredObject } from '../store.ts';
import { type Assembled, changesOf, openAssembly } from './assemble-snapshot.ts';
import { temporaryShelves } from './followed-stores.fixture.ts';

const makeShelf = temporaryShelves();
const part = { platforms: ['Linux'], locale: 'de' };
const noShelf = {
  read: () => {
    throw new Error('nothing is read here');
  },
};

function object(kind: KindName, name: string, body: unknown, revision = 1): StoredObject {
  return { kind, name, version: revision, revision, body };
}

function rule(id: number, product: string, more: object = {}, revision = 1): StoredObject {
  const share = { kind: 'percent', percent: 100 };
  const body = { priority: 1, share, updateType: 'minor', salt: '0123456789abcdef', product, release: 'R', ...more };
  return object('rule', String(id), body, revision);
}

function changes(revision: number, objects: readonly StoredObject[], more: Partial<StoreChanges> = {}): StoreChanges {
  return { mark: { revision, commit: `c${revision}` }, whole: false, objects, deleted: [], ...more };
}

const asked: Request = {
  product: 'A',
  version: '1.0',
  buildId: '1',
  platform: 'Linux',
  locale: 'de',
  channel: 'release',
  osVersion: '',
  instructionSet: '',
  memoryMb: undefined,
  jaws: undefined,
  mig64: undefined,
  distribution: '',
  distributionVersion: undefined,
  architecture: undefined,
  pin: undefined,
  forced: 'no',
  unit: { kind: 'none' },
};

/** Which rule in which version a request of a product meets. */
function ruleFor(assembled: Assembled | undefined, product: string): unknown {
  return assembled && decide(assembled.snapshot, { ...asked, product }, 0, () => 1).rule;
}

describe('a snapshot that is assembled', () => {
  test('is there after the first changes, and nothing before', () => {
    const assembly = openAssembly(noShelf);
    expect(assembly.assembled()).toBeUndefined();
    expect(assembly.manifest()).toEqual({ mark: { revision: 0, commit: '' }, objects: [] });
    const first = assembly.adopt(changes(1, [rule(1, 'A')]));
    expect(assembly.assembled()).toBe(first);
    expect(first).toMatchObject({ mark: { revision: 1, commit: 'c1' }, snapshot: { revision: 1 } });
    expect(ruleFor(first, 'A')).toMatchObject({ id: 1, version: 1 });
  });

  test('is what was there before and the changes, or the changes alone where they are the whole', () => {
    const assembly = openAssembly(noShelf);
    const before = assembly.adopt(changes(1, [rule(1, 'A'), rule(2, 'B'), rule(3, 'C')]));
    const deleted = [{ kind: 'rule', name: '2' } as const];
    const after = assembly.adopt(changes(2, [rule(3, 'D', {}, 2)], { deleted }));
    expect(['A', 'B', 'C', 'D'].map((product) => ruleFor(after, product))).toMatchObject([
      { id: 1, version: 1 },
      undefined,
      undefined,
      { id: 3, version: 2 },
    ]);
    // Whoever still holds the earlier one is not disturbed.
    expect(ruleFor(before, 'B')).toMatchObject({ id: 2 });
    const whole = assembly.adopt(changes(1, [rule(2, 'B')], { whole: true }));
    expect(['A', 'B', 'D'].map((product) => ruleFor(whole, product))).toMatchObject([undefined, { id: 2 }, undefined]);
  });

  test('is all of the changes or nothing of them', () => {
    const assembly = openAssembly(noShelf);
    const before = assembly.adopt(changes(1, [rule(1, 'A')]));
    const manifest = assembly.manifest();
    for (const wrong of [rule(3, 'C', { share: undefined }), object('rule', '3', null), rule(3, 'C', { share: 5 })]) {
      const deleted = [{ kind: 'rule', name: '1' } as const];
      expect(() => assembly.adopt(changes(2, [rule(2, 'B'), wrong], { deleted }))).toThrow();
      expect(() => assembly.adopt(changes(2, [rule(2, 'B'), wrong], { whole: true }))).toThrow();
      expect(assembly.assembled()).toBe(before);
      expect(assembly.manifest()).toEqual(manifest);
    }
    expect(ruleFor(assembly.adopt(changes(3, [rule(2, 'B', {}, 3)])), 'A')).toMatchObject({ id: 1 });
  });

  test('reads its releases from the shelf when they are asked for, each snapshot its own', async () => {
    const shelf = makeShelf();
    const put = (version: string): Promise<ShelvedRelease> =>
      shelf.put({ product: 'A', blob: { schema_version: 9, name: 'R', appVersion: version, platforms: {} } });
    const assembly = openAssembly(shelf);
    const first = assembly.adopt(changes(1, [object('release', 'R', await put('1.0')), rule(1, 'A')]));
    const second = assembly.adopt(changes(2, [object('release', 'R', await put('2.0'), 2)]));
    const third = assembly.adopt(changes(3, [], { deleted: [{ kind: 'release', name: 'R' }] }));
    const versions = [first, second].map(({ readRelease }) => readRelease('R', part)?.blob);
    expect(versions).toMatchObject([{ appVersion: '1.0' }, { appVersion: '2.0' }]);
    expect(third.readRelease('R', part)).toBeUndefined();
    for (const name of ['', '__proto__', 'constructor', '1']) {
      expect(first.readRelease(name, part)).toBeUndefined();
    }
    // The snapshot itself knows no release.
    expect(second.snapshot.releases.size).toBe(0);
  });

  test('comes again from its manifest', () => {
    const assembly = openAssembly(noShelf);
    assembly.adopt(changes(1, [rule(1, 'A'), rule(2, 'B'), object('release', 'R', { product: 'A', sha256: 'x' })]));
    assembly.adopt(changes(2, [rule(3, 'C', {}, 2)], { deleted: [{ kind: 'rule', name: '2' }] }));
    const copy = openAssembly(noShelf);
    copy.adopt(changesOf(assembly.manifest()));
    expect(copy.manifest()).toEqual(assembly.manifest());
    expect(['A', 'B', 'C'].map((product) => ruleFor(copy.assembled(), product))).toEqual(
      ['A', 'B', 'C'].map((product) => ruleFor(assembly.assembled(), product)),
    );
  });

  test('does not depend on the steps in which it came to be', () => {
    const product = fc.constantFrom('A', 'B', 'C');
    const change = fc.record({
      id: fc.integer({ min: 1, max: 5 }),
      product,
      priority: fc.nat(2),
      version: fc.constantFrom(undefined, '<2.0', '1.0', '>1.0'),
      channel: fc.constantFrom(undefined, 'release', 'beta'),
      deleted: fc.boolean(),
      stop: fc.option(product, { nil: undefined, freq: 3 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 8 }), (steps) => {
        const assembly = openAssembly(noShelf);
        const living = new Map<string, StoredObject>();
        assembly.adopt(changes(0, []));
        for (const [at, step] of steps.entries()) {
          const revision = at + 1;
          const objects = new Map<string, StoredObject>();
          const deleted = new Map<string, { kind: KindName; name: string }>();
          const put = (one: StoredObject, goes: boolean): void => {
            const key = `${one.kind} ${one.name}`;
            objects.delete(key);
            deleted.delete(key);
            if (goes) deleted.set(key, { kind: one.kind, name: one.name });
            else objects.set(key, one);
            if (goes) living.delete(key);
            else living.set(key, one);
          };
          for (const { id, deleted: goes, stop, product: of, ...more } of step) {
            put(rule(id, of, more, revision), goes);
            if (stop !== undefined) put(object('emergency-stop', stop, { product: stop }, revision), goes);
          }
          assembly.adopt(changes(revision, [...objects.values()], { deleted: [...deleted.values()] }));
        }
        const anew = openAssembly(noShelf);
        anew.adopt(changes(steps.length, [...living.values()].reverse(), { whole: true }));
        for (const one of ['A', 'B', 'C', 'D']) {
          const [stepwise, atOnce] = [assembly, anew].map((each) => {
            const { snapshot } = each.assembled() as Assembled;
            return decide(snapshot, { ...asked, product: one }, 0, () => 1);
          });
          expect(stepwise).toEqual(atOnce);
        }
      }),
      { numRuns: 300 },
    );
  });
});
