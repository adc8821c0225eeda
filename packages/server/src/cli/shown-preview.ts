import type { RoleState } from '../app/changes/requirements.ts';
import type { PreviewReport } from '../app/preview/preview-report.ts';

/** What edits would do, as the API shows it. */
export interface ShownPreview extends Omit<PreviewReport, 'atMs'> {
  readonly at: string;
  readonly warnings: readonly { readonly at: string; readonly detail: string }[];
  readonly required: readonly RoleState[];
}
