import {
  type Admission,
  branchOf,
  type Decision,
  type Draw,
  decideOutcome,
  firstTicket,
  gatherReleases,
  lastTicket,
  type Outcome,
  type ReadRelease,
  type Snapshot,
  withReleases,
} from 'sluice';

/** One way that the draws of a request can go. */
export interface Course {
  readonly decision: Decision;
  readonly probability: number;
  /** The snapshot with the releases that were read. */
  readonly snapshot: Snapshot;
  /** The names of the releases that were asked for, whether they exist or not. */
  readonly asked: ReadonlySet<string>;
}

/** All ways that were worked out; `missing` is the probability of those that were not, because there were too many. */
export interface Courses {
  readonly courses: readonly Course[];
  readonly missing: number;
}

/** A request meets two draws at most, a superblob as many as it has products. */
const mostCourses = 256;

/**
 * Works out every way that the draws of a request can go, with its probability: the engine itself decides each time, with
 * draws that are won or lost on purpose.
 *
 * @throws whatever `read` throws
 */
export function coursesOf(outcome: Outcome, nowMs: number, read: ReadRelease): Courses {
  const courses: Course[] = [];
  const gathered = new Map<number, { readonly outcome: Outcome; readonly asked: ReadonlySet<string> }>();
  const won: boolean[] = [];
  for (let count = 0; count < mostCourses; count += 1) {
    const branch = branchOf(outcome, nowMs, drawing(won));
    const ready = gathered.get(branch.index) ?? gather(outcome, branch, read);
    gathered.set(branch.index, ready);
    const decision = decideOutcome(ready.outcome, nowMs, drawing(won));
    // Where there are unit ids nothing is drawn: each unit has its own ticket.
    const probability = outcome.query.request.unit.kind === 'none' ? probabilityOf(decision) : 1;
    if (probability > 0) {
      courses.push({ decision, probability, snapshot: ready.outcome.snapshot, asked: ready.asked });
    }
    while (won.at(-1) === false) won.pop();
    if (won.length === 0) return { courses, missing: 0 };
    won[won.length - 1] = false;
  }
  return { courses, missing: 1 - courses.reduce((sum, { probability }) => sum + probability, 0) };
}

/** Wins and loses as told, and wins whatever comes after, which it writes down. */
function drawing(won: boolean[]): Draw {
  let next = 0;
  return () => {
    if (next === won.length) won.push(true);
    next += 1;
    return won[next - 1] === true ? firstTicket : lastTicket;
  };
}

function gather(outcome: Outcome, branch: ReturnType<typeof branchOf>, read: ReadRelease) {
  const asked = new Set<string>();
  const releases = gatherReleases(outcome, branch, (name, part) => {
    asked.add(name);
    return read(name, part);
  });
  return { outcome: withReleases(outcome, releases), asked };
}

/** How likely it is that every draw behind a decision goes as it went. */
function probabilityOf(decision: Decision): number {
  const products = decision.kind === 'serve' ? (decision.products ?? []) : [];
  return products.reduce(
    (product, { decision: inner }) => product * probabilityOf(inner),
    chance(decision.throttle) * chance(decision.share),
  );
}

/** Tickets are drawn uniformly from the first to the last, and those below the number are admitted. */
function chance(admission: Admission | undefined): number {
  if (admission?.ticket === undefined) return 1;
  const admitted = (admission.nowServing - firstTicket) / lastTicket;
  return admission.admitted ? admitted : 1 - admitted;
}
