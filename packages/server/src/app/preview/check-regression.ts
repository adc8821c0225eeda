import type { WorkedOut } from './compare-line.ts';
import type { Chance, Distribution } from './distribution.ts';
import type { RegressionEnd, RegressionLine, RegressionResult } from './preview-report.ts';
import { chanceTold } from './tally.ts';

/** Whether a line gets what it must, before and after. Without anything that it must get, it must be answerable. */
export function checkRegression(line: RegressionLine, seen: WorkedOut | undefined): RegressionResult {
  const isRight = ({ kind, releases }: Chance): boolean => {
    if (line.release !== undefined) return releases.includes(line.release);
    return line.nothing === true ? kind === 'hold' : kind !== 'invalid';
  };
  const end = (distribution: Distribution | undefined): RegressionEnd => {
    const chances = distribution === undefined ? [] : [...distribution.chances.values()];
    return { passed: chances.length > 0 && chances.every(isRight), got: chances.map(chanceTold) };
  };
  return { name: line.name, line: line.line, before: end(seen?.before), after: end(seen?.after) };
}
