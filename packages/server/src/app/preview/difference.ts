import type { Chance, Distribution } from './distribution.ts';

/** An answer that takes another's place. */
export interface Shift {
  readonly from: string;
  readonly to: string;
  /** How often it is expected to, of once. */
  readonly expected: number;
}

export interface Difference {
  /** How likely it is at least that the answer is another one: the total variation distance, from 0 to 1. */
  readonly distance: number;
  /** The same where all reasons for getting nothing are one. */
  readonly noticed: number;
  readonly shifts: readonly Shift[];
  /** The answers after, those named apart that have kept their names only. */
  readonly after: readonly Chance[];
}

/** Rounding is less than this. */
const nothing = 1e-12;

/** What becomes of the answers of a line. */
export function differenceBetween(before: Distribution, after: Distribution): Difference {
  const kept = new Map([...before.chances].map(([key, { answer }]) => [answer, key]));
  const named = [...after.chances].map(([key, chance]): readonly [string, Chance] => {
    const isAltered = kept.has(chance.answer) && !before.chances.has(key);
    return [key, isAltered ? { ...chance, answer: `${chance.answer}, altered` } : chance];
  });
  const probability = ({ chances }: Distribution, key: string): number => chances.get(key)?.probability ?? 0;
  const losing = [...before.chances].map(([key, chance]) => ({
    chance,
    by: chance.probability - probability(after, key),
  }));
  const gaining = named.map(([key, chance]) => ({ chance, by: chance.probability - probability(before, key) }));
  const lost = losing.filter(({ by }) => by > nothing);
  const gained = gaining.filter(({ by }) => by > nothing);
  const distance = sum(gained.map(({ by }) => by));
  return {
    distance,
    noticed: distance === 0 ? 0 : seenDistance([...before.chances.values()], [...after.chances.values()]),
    // Who lost an answer gets the others in proportion to what they gain.
    shifts: lost.flatMap((from) =>
      gained.map((to) => ({
        from: from.chance.answer,
        to: to.chance.answer,
        expected: distance === 0 ? 0 : (from.by * to.by) / distance,
      })),
    ),
    after: named.map(([, chance]) => chance),
  };
}

function seenDistance(before: readonly Chance[], after: readonly Chance[]): number {
  const gains = new Map<string, number>();
  for (const { seen, probability } of after) gains.set(seen, (gains.get(seen) ?? 0) + probability);
  for (const { seen, probability } of before) gains.set(seen, (gains.get(seen) ?? 0) - probability);
  return sum([...gains.values()].filter((gain) => gain > nothing));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((before, number) => before + number, 0);
}
