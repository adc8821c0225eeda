import type { Condition } from 'sluice';
import type { Judgement } from '../../judgement.ts';
import { waitingLeaves } from '../conditions/waiting-leaves.ts';

/** What a condition that is not true waits for, in a sentence. */
export function waitingFor(condition: Condition, { leaves }: Judgement): string {
  const judged = new Map(leaves.map((one) => [one.leaf, one]));
  const waiting = waitingLeaves(condition, (leaf) => judged.get(leaf)?.truth ?? 'unknown');
  const said = waiting.map((leaf) => {
    const { truth, says } = judged.get(leaf) ?? {};
    return truth === 'true' ? `the end of ${says}` : says;
  });
  return said.length === 0 ? 'what can never be' : said.join('; ');
}
