import { outcomeOf, type Request } from 'sluice';
import type { Asked, FacePreview } from '../../face.ts';
import type { SampledLine } from '../../sample/sampled-line.ts';
import type { Assembled } from '../assemble-snapshot.ts';
import type { After } from './assemble-after.ts';
import { canDiffer, superblobs } from './can-differ.ts';
import { type Distribution, distributionOf } from './distribution.ts';

export interface LineComparer {
  /** Works a line out where its answer may differ; `undefined` where no face knows it. */
  compare(line: SampledLine): Compared | undefined;
  /** Works a line out in any case. */
  workOut(line: SampledLine): WorkedOut | undefined;
}

export type Compared = { readonly kind: 'same'; readonly request: Request } | WorkedOut;

/** Everything that a line may get, before and after. */
export interface WorkedOut {
  readonly kind: 'worked-out';
  readonly request: Request;
  readonly before: Distribution;
  readonly after: Distribution;
}

export interface ComparerOptions {
  readonly before: Pick<Assembled, 'snapshot' | 'readRelease'>;
  readonly after: After;
  readonly faces: readonly FacePreview[];
  readonly nowMs: number;
}

/** Holds lines against what is served and what would be. What it answers with throws whatever reading a release throws. */
export function lineComparer({ before, after, faces, nowMs }: ComparerOptions): LineComparer {
  const isSuperblob = superblobs(before.readRelease);
  const isWritten = (names: ReadonlySet<string>): boolean =>
    after.rewrites || [...after.releases].some((name) => names.has(name));
  const read = (line: SampledLine): Read | undefined => {
    const asked: Asked = { method: 'GET', ...line };
    for (const face of faces) {
      const request = face.question(asked);
      if (request !== undefined) return { asked, face, request };
    }
    return undefined;
  };
  const outcomes = ({ request }: Read) =>
    [outcomeOf(before.snapshot, request), outcomeOf(after.snapshot, request)] as const;
  const workOut = ({ asked, face, request }: Read, [left, right]: ReturnType<typeof outcomes>): WorkedOut => ({
    kind: 'worked-out',
    request,
    before: distributionOf(left, asked, face, { nowMs, isWritten, readRelease: before.readRelease }),
    after: distributionOf(right, asked, face, { nowMs, isWritten, readRelease: after.readRelease }),
  });
  return {
    compare(line) {
      const question = read(line);
      if (question === undefined) return undefined;
      const both = outcomes(question);
      if (after.reaches || canDiffer(...both, isSuperblob)) return workOut(question, both);
      return { kind: 'same', request: question.request };
    },
    workOut(line) {
      const question = read(line);
      return question && workOut(question, outcomes(question));
    },
  };
}

/** A line as the face reads it that knows it. */
interface Read {
  readonly asked: Asked;
  readonly face: FacePreview;
  readonly request: Request;
}
