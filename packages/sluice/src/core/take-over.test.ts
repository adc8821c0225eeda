import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Made, takeOver } from './take-over.ts';

interface Product {
  readonly of: object;
}

const item = fc.constantFrom(...Array.from({ length: 12 }, (_, index) => ({ index })));
const list = fc.uniqueArray(item, { maxLength: 12 });

test('whatever becomes of a list, each thing has what was made of it, and only what is new is made', () => {
  fc.assert(
    fc.property(fc.array(list, { minLength: 2, maxLength: 6 }), (lists) => {
      let made: Made<object, Product> | undefined;
      for (const each of lists) {
        const before = new Map(made?.from.map((from, at) => [from, made?.to[at]]));
        const fresh: object[] = [];
        made = takeOver(each, made, (of) => {
          fresh.push(of);
          return { of };
        });
        expect(made.from).toEqual(each);
        expect(made.to.map(({ of }) => of)).toEqual(each);
        expect(fresh).toEqual(each.filter((one) => !before.has(one)));
        for (const [at, one] of each.entries()) if (before.has(one)) expect(made.to[at]).toBe(before.get(one));
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test('of the same things in the same order comes the very same', () => {
  const things = [{}, {}, {}];
  const made = takeOver(things, undefined, (of) => ({ of }));
  expect(takeOver([...things], made, (of) => ({ of }))).toBe(made);
  expect(takeOver([...things].reverse(), made, (of) => ({ of }))).not.toBe(made);
});
