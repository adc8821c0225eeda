import type { StoreEdit } from '../../store.ts';
import type { PreviewReport, RegressionLine } from './preview-report.ts';

export interface PreviewWishes {
  /** Lines that are answered in every preview; none unless given. */
  readonly regression?: readonly RegressionLine[] | undefined;
  /** When the edits would be enacted; now unless given. */
  readonly nowMs?: number | undefined;
  /** How long it may take from its turn on, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Says what edits, as `prepareEdits` makes them, would do to the lines that a node was asked lately. */
export type Preview = (edits: readonly StoreEdit[], wishes?: PreviewWishes) => Promise<PreviewReport>;
