import type { Condition, ConditionLeaf, Truth } from 'sluice';
import type { Course } from './course.ts';

/** `never` where there is none; `unsure` where too many moments would have to be looked at. */
export type FirstMoment = number | 'never' | 'unsure';

/** How many moments are looked at. */
const mostSteps = 500;

/** What is looked for in each part: that it is true, or not false, and the opposites of these. */
type Aim = 'true' | 'not-false' | 'false' | 'not-true';

const opposites: Readonly<Record<Aim, Aim>> = {
  true: 'false',
  false: 'true',
  'not-false': 'not-true',
  'not-true': 'not-false',
};

/** The first moment, from `fromMs` on, at which a condition is true, or at least not false. */
export function firstMoment(
  condition: Condition,
  aim: 'true' | 'not-false',
  fromMs: number,
  courseOf: (leaf: ConditionLeaf) => Course,
): FirstMoment {
  let steps = 0;
  const search = (node: Condition, wanted: Aim, atMs: number): FirstMoment => {
    if ('not' in node) return search(node.not, opposites[wanted], atMs);
    if ('all' in node || 'any' in node) {
      const parts = 'all' in node ? node.all : node.any;
      const isForEach = 'all' in node === (wanted === 'true' || wanted === 'not-false');
      return isForEach ? together(parts, wanted, atMs) : soonest(parts.map((part) => search(part, wanted, atMs)));
    }
    const course = courseOf(node);
    for (let ms: number | undefined = atMs; ms !== undefined; ms = course.nextMs(ms)) {
      if (meets(course.truthAt(ms), wanted)) return ms;
      steps += 1;
      if (steps > mostSteps) return 'unsure';
    }
    return 'never';
  };
  /** Each part is asked from where the one before it has come to, until none has to wait for another. */
  const together = (parts: readonly Condition[], wanted: Aim, fromMs: number): FirstMoment => {
    let atMs = fromMs;
    for (let settled = 0, i = 0; settled < parts.length; i = (i + 1) % parts.length) {
      const part = parts[i];
      const found = part === undefined ? atMs : search(part, wanted, atMs);
      if (typeof found !== 'number') return found;
      settled = found === atMs ? settled + 1 : 1;
      atMs = found;
      steps += 1;
      if (steps > mostSteps) return 'unsure';
    }
    return atMs;
  };
  return search(condition, aim, fromMs);
}

function meets(truth: Truth, wanted: Aim): boolean {
  if (wanted === 'not-false') return truth !== 'false';
  return wanted === 'not-true' ? truth !== 'true' : truth === wanted;
}

function soonest(found: readonly FirstMoment[]): FirstMoment {
  if (found.includes('unsure')) return 'unsure';
  const moments = found.filter((one) => typeof one === 'number');
  return moments.length === 0 ? 'never' : Math.min(...moments);
}
