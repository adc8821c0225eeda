import { fallbackChannel, type Request } from 'sluice';
import type { SampledLine } from '../../sample/sampled-line.ts';
import type { Difference, Shift } from './difference.ts';
import type { Chance } from './distribution.ts';
import type {
  AnswerChance,
  NamedCount,
  PreviewCount,
  PreviewExample,
  PreviewReport,
  Ranking,
} from './preview-report.ts';

const mostExamples = 20;
const mostRanked = 100;

type Count = { -readonly [K in keyof PreviewCount]: PreviewCount[K] };

/** Adds up what becomes of the lines. */
export class Tally {
  readonly #total: Count = empty();
  readonly #products = new Map<string, Count>();
  readonly #channels = new Map<string, Count>();
  readonly #shifts = new Map<string, { readonly shift: Shift; expected: number }>();
  /** One line for each kind of difference first, then whatever comes. */
  readonly #examples = new Map<string, PreviewExample>();
  readonly #moreExamples: PreviewExample[] = [];
  #inexact = 0;

  /** Counts a line that gets the same as before. */
  same(request: Request): void {
    for (const count of this.#countsOf(request)) count.lines += 1;
  }

  inexact(): void {
    this.#inexact += 1;
  }

  differs(line: SampledLine, request: Request, before: readonly Chance[], difference: Difference): void {
    const { distance, noticed, shifts, after } = difference;
    for (const count of this.#countsOf(request)) {
      count.lines += 1;
      count.differing += 1;
      count.expected += distance;
      count.noticed += noticed;
    }
    for (const shift of shifts) {
      const key = JSON.stringify([shift.from, shift.to]);
      const known = this.#shifts.get(key);
      if (known === undefined) this.#shifts.set(key, { shift, expected: shift.expected });
      else known.expected += shift.expected;
    }
    if (this.#moreExamples.length === mostExamples && this.#examples.size >= mostExamples) return;
    const example = { ...line, distance, before: before.map(chanceTold), after: after.map(chanceTold) };
    const kind = JSON.stringify(shifts.map(({ from, to }) => [from, to]));
    if (!this.#examples.has(kind) && this.#examples.size < mostExamples) this.#examples.set(kind, example);
    else if (this.#moreExamples.length < mostExamples) this.#moreExamples.push(example);
  }

  report(): Pick<PreviewReport, 'total' | 'inexact' | 'byProduct' | 'byChannel' | 'byOutcome' | 'examples'> {
    const shifts = [...this.#shifts.values()].map(({ shift, expected }) => ({ ...shift, expected }));
    return {
      total: { ...this.#total },
      inexact: this.#inexact,
      byProduct: ranked(named(this.#products)),
      byChannel: ranked(named(this.#channels)),
      byOutcome: ranked(shifts),
      examples: [...this.#examples.values(), ...this.#moreExamples].slice(0, mostExamples),
    };
  }

  #countsOf({ product, channel }: Request): readonly Count[] {
    return [this.#total, countIn(this.#products, product), countIn(this.#channels, fallbackChannel(channel))];
  }
}

/** A chance as a report tells it. */
export function chanceTold({ answer, probability, by }: Chance): AnswerChance {
  return { answer, probability, by };
}

function empty(): Count {
  return { lines: 0, differing: 0, expected: 0, noticed: 0 };
}

function countIn(counts: Map<string, Count>, name: string): Count {
  const known = counts.get(name);
  if (known !== undefined) return known;
  const made = empty();
  counts.set(name, made);
  return made;
}

/** Only where something differs: clients may name any product. */
function named(counts: ReadonlyMap<string, Count>): readonly NamedCount[] {
  return [...counts].filter(([, { differing }]) => differing > 0).map(([name, count]) => ({ name, ...count }));
}

function ranked<T extends { readonly expected: number }>(all: readonly T[]): Ranking<T> {
  const sorted = [...all].sort((a, b) => b.expected - a.expected);
  return { first: sorted.slice(0, mostRanked), leftOut: Math.max(0, sorted.length - mostRanked) };
}
