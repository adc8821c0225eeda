import type { FacePreview } from '../../face.ts';
import type { SampledLine } from '../../sample/sampled-line.ts';
import type { StoredObject, StoreEdit } from '../../store.ts';
import type { Assembled } from '../assemble-snapshot.ts';
import { assembleAfter } from './assemble-after.ts';
import { checkRegression } from './check-regression.ts';
import { type Compared, lineComparer } from './compare-line.ts';
import { differenceBetween } from './difference.ts';
import type { PreviewReport, RegressionLine, RegressionResult } from './preview-report.ts';
import { slices } from './slices.ts';
import { Tally } from './tally.ts';

export interface PreviewOptions {
  /** What is served. */
  readonly before: Pick<Assembled, 'snapshot' | 'readRelease'>;
  /** All that it is made of, as its manifest has it. */
  readonly objects: readonly StoredObject[];
  /** As `prepareEdits` makes them: checked, whole bodies, with salts. Those of kinds that are not served have no effect. */
  readonly edits: readonly StoreEdit[];
  /** In random order, so that those looked at before time is up are a sample too. */
  readonly lines: readonly SampledLine[];
  readonly faces: readonly FacePreview[];
  /** Looked at first, whatever time there is. */
  readonly regression: readonly RegressionLine[];
  /** The time for which ramps are read: now, or when the edits are to be enacted. */
  readonly nowMs: number;
  /** How long it may take, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** A clock that nobody sets, in milliseconds. */
  readonly elapsedMs?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const usualDeadlineMs = 10_000;

/**
 * Works out what edits would do to what clients get: for each line every answer that it may get, exactly and not by
 * drawing, by what is served and by what the edits would make of it. Answering goes on meanwhile.
 *
 * @throws Problem `store-corrupt` for edits that cannot be compiled, `snapshot-damaged` for releases that cannot be read;
 * the reason of `signal` when it is aborted
 */
export async function previewEdits(options: PreviewOptions): Promise<PreviewReport> {
  const { before, objects, edits, lines, faces, regression, nowMs, signal } = options;
  const { deadlineMs = usualDeadlineMs, elapsedMs = () => performance.now() } = options;
  const hasTime = slices({ deadlineMs, elapsedMs, signal });
  const after = assembleAfter(before, objects, edits);
  const comparer = lineComparer({ before, after, faces, nowMs });
  const results: RegressionResult[] = [];
  for (const line of regression) {
    await hasTime();
    results.push(checkRegression(line, comparer.workOut({ url: line.line, userAgent: line.userAgent })));
  }
  const tally = new Tally();
  let complete = true;
  for (const line of lines) {
    const answered = hasTime();
    // Waiting for what is there already would take longer than the line.
    if (!(typeof answered === 'boolean' ? answered : await answered)) {
      complete = false;
      break;
    }
    count(tally, line, comparer.compare(line));
  }
  const { revision } = before.snapshot;
  return { revision, atMs: nowMs, sampled: lines.length, complete, ...tally.report(), regression: results };
}

function count(tally: Tally, line: SampledLine, compared: Compared | undefined): void {
  // Kept by a face with other settings than it has now.
  if (compared === undefined) return;
  const { request } = compared;
  if (compared.kind === 'same') {
    tally.same(request);
    return;
  }
  const { before, after } = compared;
  if (before.missing + after.missing > 0) tally.inexact();
  const difference = differenceBetween(before, after);
  if (difference.distance === 0) tally.same(request);
  else tally.differs(line, request, [...before.chances.values()], difference);
}
