import { type ChangeCondition, type Condition, type ConditionLeaf, evaluate, leavesOf } from 'sluice';
import type { JudgedLeaf, Judgement, Known } from '../../judgement.ts';
import { always, type Course, from } from './course.ts';
import { courseOfTime } from './due-time.ts';
import { firstMoment } from './first-moment.ts';
import { judgeSignal } from './judge-signal.ts';
import { leafText } from './leaf-text.ts';

/** Works out what a condition comes to, part by part: a pure function of what is known. */
export function judgeCondition(condition: Condition, known: Known): Judgement {
  const judged = new Map<ConditionLeaf, Part>();
  const leaves = leavesOf(condition).map((leaf) => {
    const part = judged.get(leaf) ?? judge(leaf, known);
    judged.set(leaf, part);
    return part.judged;
  });
  const truth = evaluate(condition, (leaf) => judged.get(leaf)?.judged.truth ?? 'unknown');
  if (truth === 'true') return { truth, leaves };
  const courseOf = (leaf: ConditionLeaf): Course => judged.get(leaf)?.course ?? always('unknown');
  const expectedAtMs = firstMoment(condition, 'true', known.nowMs, courseOf);
  return { truth, leaves, ...(typeof expectedAtMs === 'number' && { expectedAtMs }) };
}

/** A leaf with how it is expected to go on. */
interface Part {
  readonly judged: JudgedLeaf;
  readonly course: Course;
}

function judge(leaf: ConditionLeaf, known: Known): Part {
  if ('signal' in leaf) return going(judgeSignal(leaf, known));
  if ('approval' in leaf) {
    const signed = known.approvals(leaf.approval.role);
    const truth = signed >= leaf.approval.count ? 'true' : 'false';
    const says = `${leafText(leaf)}: ${truth === 'true' ? 'given' : `${signed} so far`}`;
    return going({ leaf, truth, says });
  }
  const course = courseOfTime(leaf, known.change);
  if (course !== undefined) return timed(leaf, course, known);
  if ('change' in leaf) return going(judgeChange(leaf, known));
  return going({ leaf, truth: 'unknown', says: `${leafText(leaf)}: cannot be known` });
}

/** What comes true at the moment at which it is expected to, and otherwise stays as it is. */
function going(judged: JudgedLeaf): Part {
  const { truth, expectedAtMs } = judged;
  return { judged, course: expectedAtMs === undefined ? always(truth) : from(expectedAtMs, truth, 'true') };
}

function timed(leaf: ConditionLeaf, course: Course, { nowMs }: Known): Part {
  const truth = course.truthAt(nowMs);
  const soonest = truth === 'true' ? 'never' : firstMoment(leaf, 'true', nowMs, () => course);
  const expectedAtMs = typeof soonest === 'number' ? soonest : undefined;
  const state =
    truth === 'true' ? 'holds' : expectedAtMs === undefined ? over : `holds from ${instant(expectedAtMs)} on`;
  const says = 'now' in leaf ? leafText(leaf) : `${'time' in leaf ? 'the time ' : ''}${leafText(leaf)}: ${state}`;
  return { judged: { leaf, truth, says, ...(expectedAtMs !== undefined && { expectedAtMs }) }, course };
}

const over = 'does not hold, and nothing says that it will';

function judgeChange(leaf: { readonly change: ChangeCondition }, known: Known): JudgedLeaf {
  const { id, state } = leaf.change;
  const other = known.change(id);
  if (other === undefined) return { leaf, truth: 'unknown', says: `${leafText(leaf)}: nothing is known of it` };
  const is = other.state === state ? 'so' : other.state;
  return { leaf, truth: other.state === state ? 'true' : 'false', says: `${leafText(leaf)}: it is ${is}` };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
