import type { Assembly } from '../app/assemble-snapshot.ts';
import { drawTicket } from '../app/draw-ticket.ts';
import type { Preview } from '../app/preview/preview.ts';
import { previewEdits } from '../app/preview/preview-edits.ts';
import type { Config } from '../config.ts';
import type { App, FacePreview } from '../face.ts';
import type { SampledLine } from '../sample/sampled-line.ts';
import type { Checks } from './messages.ts';
import type { NodeParts } from './node-parts.ts';

export interface PreviewingParts extends Pick<NodeParts, 'faces' | 'version' | 'nowMs'> {
  /** What those who answer were given last. */
  readonly config: () => Config;
  readonly assembly: Pick<Assembly, 'assembled' | 'manifest'>;
  readonly lines: () => readonly SampledLine[];
}

/** Previews on a node, one after another: two at once would take the time of those who answer. */
export function openPreviewing(parts: PreviewingParts): Preview {
  const { assembly, lines, nowMs: now } = parts;
  let opened: { readonly of: Config; readonly faces: readonly FacePreview[] } | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const preview: Preview = async (edits, { regression = [], nowMs = now(), deadlineMs, signal } = {}) => {
    const before = assembly.assembled();
    if (before === undefined) throw new Error('there is a snapshot as soon as a node is open');
    const of = parts.config();
    if (opened?.of.faces !== of.faces) opened = { of, faces: openFaces(parts, of) };
    const { faces } = opened;
    const { objects } = assembly.manifest();
    return previewEdits({ before, objects, edits, lines: lines(), faces, regression, nowMs, deadlineMs, signal });
  };
  return (edits, wishes) => {
    const done = turn.then(() => preview(edits, wishes));
    turn = done.catch(() => {});
    return done;
  };
}

const allWell: Checks = { store: 'ok', snapshot: 'ok', disk: 'ok' };

/** Faces of their own, which neither count nor keep anything; a primary has no others. */
function openFaces({ faces, assembly, version, nowMs }: PreviewingParts, config: Config): readonly FacePreview[] {
  const app: App = {
    snapshot: () => {
      const assembled = assembly.assembled();
      if (assembled === undefined) throw new Error('there is a snapshot as soon as a node is open');
      return assembled.snapshot;
    },
    readRelease: (name, part) => assembly.assembled()?.readRelease(name, part),
    nowMs,
    draw: drawTicket,
    checks: () => allWell,
    version,
  };
  return faces.flatMap((face) => face.open(app, config.faces[face.name]).preview ?? []);
}
