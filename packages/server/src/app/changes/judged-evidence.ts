import type { JudgedLeaf, Judgement } from '../../judgement.ts';

/** What a condition came to and by what, as plain JSON for the audit log. */
export function judgedEvidence({ leaves }: Judgement): readonly object[] {
  return leaves.map(({ leaf, truth, says, signal, reading, holdsSinceMs }: JudgedLeaf) => ({
    leaf,
    truth,
    says,
    ...(signal !== undefined && { signal }),
    ...(reading !== undefined && { reading }),
    ...(holdsSinceMs !== undefined && { holdsSinceMs }),
  }));
}
